/** Beyond so many marks in a row normalising takes more than linear time (UAX #15, Stream-Safe Text Format). */
const MANY_MARKS = /\p{M}{31}/u;
const ASCII = /^[\0-\x7f]*$/;

/**
 * A member's name in one spelling, whether its letters were composed with their marks or not (NFC). A name with more
 * than 30 marks in a row stays as it is: time is linear in its length.
 */
export function foldName(name: string): string {
  return ASCII.test(name) || MANY_MARKS.test(name) ? name : name.normalize('NFC');
}
