/**
 * @file Run by absent.test.ts, without WebAssembly: uses the built library in the given folder, and prints what it gave.
 */
delete globalThis.WebAssembly

const pool2d = await import(process.argv[2])
const { avgPool2d, avgPool2dBackward, maxPool2d, maxPool2dBackward, tensor, threads, zeros } = pool2d

/** The code and text of a refusal. */
function refused(call) {
  try {
    return call()
  } catch (error) {
    return { isPoolError: pool2d.isPoolError(error), code: error.code, message: error.message }
  }
}

const window = { kernelSize: 2, stride: 1 }
const x = tensor([
  [
    [1, 5, 3],
    [4, 2, 6],
    [9, 7, 8],
  ],
])
const dy = tensor([
  [
    [4, 8],
    [12, 16],
  ],
])
const large = pool2d.rand([2, 64, 64], { seed: 1 })
const beforeThreads = refused(() => zeros([2], { shared: true }))
const group = await threads(2)
const shared = zeros([1, 3, 3], { shared: true })
shared.data.set(x.data)

console.log(
  JSON.stringify({
    webAssembly: typeof WebAssembly,
    info: pool2d.info(),
    max: maxPool2d(x, window).toArray(),
    maxBackward: maxPool2dBackward(dy, x, window).toArray(),
    average: avgPool2d(x, window).toArray(),
    averageBackward: avgPool2dBackward(dy, x, window).toArray(),
    large: Array.from(maxPool2d(large, { kernelSize: 3, padding: 1 }).data),
    memory: refused(() => new pool2d.WasmMemory({ bytes: 1024 })),
    init: refused(() => pool2d.init({ wasm: new Uint8Array(8) })),
    beforeThreads,
    threads: group.info(),
    shared: maxPool2d(shared, window).toArray(),
  }),
)
await group.dispose()
