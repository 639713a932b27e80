/**
 * The answer of `work`, asked again when it is `ms` old; all who ask in between, and while it is being made, get the
 * same. What fails is not kept.
 */
export function memoFor<T>(ms: number, work: () => Promise<T>, clock: { now(): number }): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly untilMs: number } | undefined;
  return () => {
    if (kept !== undefined && clock.now() < kept.untilMs) return kept.answer;
    const answer = work();
    const made = { answer, untilMs: Number.POSITIVE_INFINITY };
    kept = made;
    answer.then(
      () => {
        if (kept === made) kept = { answer, untilMs: clock.now() + ms };
      },
      () => {
        if (kept === made) kept = undefined;
      },
    );
    return answer;
  };
}
