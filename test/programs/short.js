/**
 * @file Prints what calls answer for which there is not enough memory. Run within a bound of the address space, with the library's URL.
 */
const pool2d = await import(process.argv[2])
const { zeros } = pool2d

const half = zeros([1, 1, 6e7], { dtype: 'float16' })
const bytes = zeros([1, 1, 1e8], { dtype: 'uint8' })
const halfOut = new Uint16Array(3e7)
const half3 = { data: half.data, shape: [1, 1, 6e7], dtype: 'float16' }
const calls = {
  'a WasmMemory': () => new pool2d.WasmMemory({ bytes: 3e9 }),
  'a WasmMemory past 32 bits': () => new pool2d.WasmMemory({ bytes: 1e12 }),
  zeros: () => zeros([3e9]),
  'random numbers': () => pool2d.rand([4e8], { seed: 1 }),
  'an output': () => pool2d.adaptiveMaxPool1d(bytes, { outputSize: 2e9 }),
  indices: () => pool2d.maxPool1d(bytes, { kernelSize: 1, returnIndices: true }),
  'a float16 plane': () => pool2d.maxPool1d(half3, { kernelSize: 2, out: halfOut }),
  'a float16 gradient': () =>
    pool2d.avgPool1dBackward(zeros([1, 1, 3e7], { dtype: 'float16' }), half3, { kernelSize: 2 }),
  'magnitudes of float16': () =>
    pool2d.lpPool1d(half3, { kernelSize: 2, normType: Number.POSITIVE_INFINITY, out: halfOut }),
  'fractional channels last': () =>
    pool2d.fractionalMaxPool2d(
      { data: bytes.data, shape: [1, 5000, 5000, 4] },
      { kernelSize: 2, outputSize: 2, layout: 'NHWC' },
    ),
  'an unpooling': () =>
    pool2d.maxUnpool1d(zeros([1, 1, 10]), zeros([1, 1, 10], { dtype: 'int32' }), { kernelSize: 1e9 }),
}

const answers = {}
for (const [name, call] of Object.entries(calls)) {
  try {
    call()
    answers[name] = 'done'
  } catch (error) {
    answers[name] = `${error.name} ${error.code}: ${error.message}`
  }
}
const small = pool2d.maxPool2d(
  pool2d.tensor([
    [
      [1, 2],
      [3, 4],
    ],
  ]),
  { kernelSize: 2 },
).data[0]
console.log(JSON.stringify({ answers, small }))
