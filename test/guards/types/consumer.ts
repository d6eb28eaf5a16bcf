/**
 * @file A program that uses the package's types. It is compiled against the built declarations, not run.
 */
import {
  avgPool2d,
  type CommonOptions,
  type HalfArray,
  type InitOptions,
  init,
  MaxPool2d,
  maxPool2d,
  maxPool2dBackward,
  maxUnpool2d,
  type PerAxis,
  rand,
  Tensor,
  tensor,
  threads,
  WasmMemory,
  zeros,
} from 'pool2d'
import { legacyPool2d } from 'pool2d/legacy'
import { formatNpy, parseNpy } from 'pool2d/npy'
import { maxPool as onnxMaxPool } from 'pool2d/onnx'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_: Same<A, B>): void => {}

/** Array types are kept. */
export const sums: number[] = [
  zeros([2]).data[0]! + 1,
  zeros([2], { dtype: 'uint8' }).data[0]! + 1,
  rand([2], { dtype: 'float64' }).data[0]! + 1,
  tensor([1, 2]).data[0]! + 1,
  tensor([1, 2], undefined, 'int16').data[0]! + 1,
  tensor(new Float64Array(2)).data[0]! + 1,
  maxPool2d([[[1, 2]]], { kernelSize: 1 }).data[0]! + 1,
  avgPool2d([[new Float64Array(2)]], { kernelSize: 1 }).data[0]! + 1,
  new MaxPool2d({ kernelSize: 1 }).forward([[[1, 2]]]).data[0]! + 1,
  legacyPool2d([[[[1]]]], { size: [1, 1] }).data[0]! + 1,
]
export const big: bigint = zeros([2], { dtype: 'int64' }).data[0]! + 1n
zeros([2]).data.fill(1)
same<Tensor<Float64Array>, ReturnType<typeof doubles>>(true)
function doubles() {
  return avgPool2d(rand([1, 2, 2], { dtype: 'float64' }), { kernelSize: 2 })
}

/** So does the name of the dtype, where the class has one. */
export const dtype: 'float32' = maxPool2d(zeros([1, 2, 2]), { kernelSize: 2 }).dtype
export const halves: 'uint16' | 'float16' | 'bfloat16' = new Tensor(new Uint16Array(2), [2], 'float16').dtype

/** Every form of a tensor is taken. */
const perAxis: PerAxis = [2, 2]
const common: CommonOptions = { layout: 'NHWC', out: zeros([1, 1, 4], { dtype: 'uint8' }) }
const pixels = { data: new Uint8ClampedArray(16), width: 2, height: 2 }
export const clamped: Uint8ClampedArray = maxPool2d(pixels, { kernelSize: perAxis, ...common }).data
export const plain = maxPool2d({ data: [1, 2, 3, 4], shape: [1, 2, 2] }, { kernelSize: 2 })
declare const half: HalfArray
export const rounded: HalfArray = maxPool2d({ data: half, shape: [1, 2, 2] }, { kernelSize: 2 }).data
const planes = zeros([1, 2, 2])
const { output, indices } = maxPool2d(planes, {
  kernelSize: 1,
  returnIndices: true,
  indicesOut: new Int32Array(4),
})
export const gradient: Float32Array = maxPool2dBackward([[[1]]], planes.reshape([1, 2, -1]), {
  kernelSize: 2,
  indices,
}).data
export const unpooled: Float32Array = maxUnpool2d(output, indices, { kernelSize: 2 }).data

/** Modules and bytes need no DOM. */
export const start = (module: InitOptions['wasm'], bytes: Uint8Array): void => {
  init({ wasm: module })
  init({ wasm: bytes })
  init({ wasm: bytes.buffer })
}
export const memory: Float32Array = new WasmMemory({ bytes: 64 }).allocate(Float32Array, 4)
export const shared = async (): Promise<Float32Array> =>
  (await threads(2)) && zeros([4], { shared: true }).data

export const file: Uint8Array = formatNpy(parseNpy(new Uint8Array(9)))
export const found: BigInt64Array = onnxMaxPool({ X: planes }, { kernel_shape: [1, 1] }).Indices.data

// @ts-expect-error: a window is needed
maxPool2d(plain)
// @ts-expect-error: another framework's word
maxPool2d(plain, { kernelSize: 2, strides: 2 })
// @ts-expect-error: no such dtype
zeros([2], { dtype: 'float128' })

/** An option that is undefined is an option left out. */
declare const stride: number | undefined
maxPool2d(rand([1, 4, 4]), { kernelSize: 2, stride, layout: undefined })
new MaxPool2d({ kernelSize: 2, stride })
threads(2, { startTimeout: stride })
