/**
 * @file Requests of which several are under way, with their answers in order.
 */

/** @throws what `act` throws, in its turn */
export async function* readAhead<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  act: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  for await (const item of items) {
    const answer = act(item)
    answer.catch(() => undefined)
    running.push(answer)
    if (running.length === atOnce) yield await running.shift()!
  }
  for (const answer of running) yield await answer
}
