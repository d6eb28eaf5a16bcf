/**
 * @file The worker's door: a request comes in, its reply goes out, errors as the words the library used.
 */
import { type Reply, type Request, tasks } from './tasks.ts'

/** A worker's own scope, which the types of pages do not know. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void
  postMessage(reply: Reply, transfer?: Transferable[]): void
}

scope.onmessage = async ({ data }) => {
  const { id, name, args } = data
  try {
    const task = tasks[name] as (...args: readonly unknown[]) => unknown
    const result = await task(...args)
    scope.postMessage({ id, result } satisfies Reply, transfers(result))
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply)
  }
}

/** Pictures are handed over, not copied. */
function transfers(result: unknown): Transferable[] {
  const bitmap = (result as { bitmap?: unknown } | null)?.bitmap
  return bitmap instanceof ImageBitmap ? [bitmap] : []
}
