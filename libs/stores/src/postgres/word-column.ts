/**
 * Reads a column whose text is one of a few words. Throws for any other, which is there only while versions differ, or
 * by somebody's hand: nothing is decided on a guess.
 * @param name of the table and the column, for who has to look there
 */
export function wordColumn<Word extends string>(
  name: `${string}.${string}`,
  words: readonly Word[],
): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined)
      throw new Error(`${name} holds ${JSON.stringify(text)}, which is none of: ${words.join(', ')}`);
    return word;
  };
}
