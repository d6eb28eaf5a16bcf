/**
 * @file Measures the longest block of the page's main thread, by gaps between messages of a channel, which are not throttled.
 */

/** Starts to watch. @returns how to stop, which gives the longest gap in milliseconds */
export function watchBlocking(): () => Promise<number> {
  const { port1, port2 } = new MessageChannel()
  let longest = 0
  let before = performance.now()
  let isOver = false
  let finish: (longest: number) => void
  const finished = new Promise<number>((resolve) => {
    finish = resolve
  })
  port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - before)
    before = now
    if (isOver) {
      port1.close()
      finish(longest)
    } else port2.postMessage(null)
  }
  port2.postMessage(null)
  return () => {
    isOver = true
    return finished
  }
}
