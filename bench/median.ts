/**
 * @file `npm run bench:median`: medians beside OpenCV compiled to WebAssembly, in turns, on what its `medianBlur` can do. The plane is
 * padded beforehand with its border, as OpenCV pads it in the call; the answers must be equal.
 */
import { createRequire } from 'node:module'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type DType, medianPool2d, Tensor } from '../src/index.ts'

const { values } = parseArgs({ options: { milliseconds: { type: 'string', default: '1000' } } })

/** The parts of OpenCV that are used. */
interface Matrix {
  readonly data: Uint8Array
  readonly data16U: Uint16Array
  readonly data32F: Float32Array
  delete(): void
}

interface OpenCV {
  readonly Mat: new (rows?: number, columns?: number, type?: number) => Matrix
  readonly CV_8UC1: number
  readonly CV_8UC3: number
  readonly CV_16UC1: number
  readonly CV_32FC1: number
  medianBlur(from: Matrix, to: Matrix, side: number): void
  onRuntimeInitialized?: () => void
}

const required = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCV | Promise<OpenCV>
const cv = required instanceof Promise ? await required : required
if (cv.Mat === undefined)
  await new Promise<void>((ready) => {
    cv.onRuntimeInitialized = ready
  })

const side = 1024

/** OpenCV takes windows of more than 5x5 for bytes only. */
const rows = [
  { dtype: 'uint8', channels: 1, type: cv.CV_8UC1, windows: [3, 5, 7, 15, 31, 63] },
  { dtype: 'uint8', channels: 3, type: cv.CV_8UC3, windows: [3, 5, 7, 15, 31, 63] },
  { dtype: 'uint16', channels: 1, type: cv.CV_16UC1, windows: [3, 5] },
  { dtype: 'float32', channels: 1, type: cv.CV_32FC1, windows: [3, 5] },
] as const

const storages = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array }

console.log(`| ${side} x ${side} | window | pool2d, ms | OpenCV, ms | OpenCV ÷ pool2d |`)
console.log('| --- | --- | --: | --: | --: |')
for (const { dtype, channels, type, windows } of rows)
  for (const window of windows) {
    const [ours, theirs] = measure(dtype, channels, type, window)
    const cells = [ours, theirs, theirs / ours].map((value) => value.toPrecision(3))
    const name = channels === 1 ? dtype : `${dtype}, ${channels} channels`
    console.log(`| ${name} | ${window}x${window} | ${cells.join(' | ')} |`)
  }
// OpenCV's runtime keeps the process alive.
process.exit()

type Element = keyof typeof storages

function measure(dtype: Element, channels: number, type: number, window: number): [number, number] {
  const storage = storages[dtype]
  const data = new storage(side * side * channels)
  for (let i = 0; i < data.length; i++)
    data[i] = Math.floor(Math.random() * (dtype === 'uint8' ? 256 : 65536))
  const pad = window >> 1
  const wide = side + 2 * pad
  const x = new Tensor(bordered(data, channels, pad), [1, wide, wide, channels], dtype as DType)
  const out = new storage(data.length)
  const options = { kernelSize: window, stride: 1, layout: 'NHWC', out } as const
  const [from, to] = [new cv.Mat(side, side, type), new cv.Mat()]
  const inside = (matrix: Matrix) =>
    ({ uint8: matrix.data, uint16: matrix.data16U, float32: matrix.data32F })[dtype]
  inside(from).set(data)
  const ours = (): unknown => medianPool2d(x, options)
  const theirs = (): void => cv.medianBlur(from, to, window)
  ours()
  theirs()
  const answer = inside(to)
  const wrong = out.findIndex((value, i) => value !== answer[i])
  if (wrong >= 0)
    throw new Error(`${dtype} ${window}x${window}: ${out[wrong]} and ${answer[wrong]} at ${wrong}`)
  let [mine, other] = [time(ours), time(theirs)]
  const end = performance.now() + Number(values.milliseconds)
  for (let turn = 0; turn < 5 || performance.now() < end; turn++) {
    mine = Math.min(mine, time(ours))
    other = Math.min(other, time(theirs))
  }
  from.delete()
  to.delete()
  return [mine, other]
}

/** A copy of an image with its outermost pixels repeated `pad` times. */
function bordered<A extends Uint8Array | Uint16Array | Float32Array>(
  data: A,
  channels: number,
  pad: number,
): A {
  const wide = side + 2 * pad
  const whole = new (data.constructor as new (length: number) => A)(wide * wide * channels)
  const inside = (i: number): number => Math.min(side - 1, Math.max(0, i - pad))
  for (let y = 0; y < wide; y++)
    for (let x = 0; x < wide; x++)
      for (let c = 0; c < channels; c++)
        whole[(y * wide + x) * channels + c] = data[(inside(y) * side + inside(x)) * channels + c]!
  return whole
}

/** Milliseconds of the processor. */
function time(run: () => unknown): number {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
