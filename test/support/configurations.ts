/**
 * @file Random poolings for properties: planes of whole numbers, so that sums are exact, and windows that fit them, on any kernel.
 */
import fc from 'fast-check'
import { rand, type Tensor, tensor } from '../../src/index.ts'
import { type KernelFamily, kernelFamilies, onKernels } from './kernel-family.ts'

export type Plane = Tensor<Float32Array>

export interface Windows {
  readonly kernelSize: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
  readonly padding: readonly [number, number]
  readonly ceilMode: boolean
}

export interface Configuration {
  readonly x: Plane
  readonly options: Windows
}

/** The number of configurations per property; `npm run test:deep` runs 10,000. */
const numRuns = Number(process.env.POOL2D_RUNS ?? 200)

/** Random in `npm run test:deep`, fixed in `npm test`. A failure prints the command that repeats it. */
const seed = Number(process.env.POOL2D_SEED ?? 1)

/** Tries a relation, each time on the kernels of a family drawn at random. */
export function check<T>(arbitrary: fc.Arbitrary<T>, relation: (value: T) => void): void {
  const family = fc.constantFrom<KernelFamily>(...kernelFamilies)
  const property = fc.property(family, arbitrary, (name, value) => {
    onKernels(name, () => relation(value))
  })
  try {
    fc.assert(property, { numRuns, seed })
  } catch (error) {
    throw new Error(`POOL2D_SEED=${seed} POOL2D_RUNS=${numRuns} repeats this. ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const axis = fc.record({
  size: fc.integer({ min: 4, max: 16 }),
  window: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 4 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  share: fc.integer({ min: 0, max: 2 }),
})

export const configuration: fc.Arbitrary<Configuration> = fc
  .record({
    axes: fc.tuple(axis, axis),
    ceilMode: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    levels: fc.constantFrom(3, 50, 1000),
  })
  .filter(({ axes }) => axes.every(({ size, window, dilation }) => (window - 1) * dilation < size))
  .map(({ axes, ceilMode, seed, levels }) => {
    const per = (read: (a: (typeof axes)[number]) => number): [number, number] => [
      read(axes[0]),
      read(axes[1]),
    ]
    return named({
      x: integers([2, 3, axes[0].size, axes[1].size], seed, levels),
      options: {
        kernelSize: per(({ window }) => window),
        stride: per((a) => a.stride),
        dilation: per((a) => a.dilation),
        padding: per(({ window, share }) => Math.min(share, Math.floor(window / 2))),
        ceilMode,
      },
    })
  })

/** Configurations with some options fixed, which can only make windows smaller or padding less. */
export function having(fixed: Partial<Windows>): fc.Arbitrary<Configuration> {
  return configuration.map(({ x, options }) => named({ x, options: { ...options, ...fixed } }))
}

/** No window lies in the padding as a whole: taps are neighbours where there is padding. */
export const filled: fc.Arbitrary<Configuration> = configuration.map(({ x, options }) => {
  const [a, b] = options.padding.map((pad, i) => (pad > 0 ? 1 : options.dilation[i]!))
  return named({ x, options: { ...options, dilation: [a!, b!] } })
})

/** As a counterexample prints it. */
function named({ x, options }: Configuration): Configuration {
  const print = () => `${JSON.stringify(options)} of [${x.shape}]: ${JSON.stringify(x.toArray())}`
  return { x, options, [fc.toStringMethod]: print } as Configuration
}

/** Whole numbers around 0. */
export function integers(shape: readonly number[], seed: number, levels: number): Plane {
  return map(rand(shape, { seed }), (value) => Math.floor(value * levels) - Math.floor(levels / 2))
}

export function map(x: Plane, f: (value: number, i: number) => number): Plane {
  return tensor(x.data.map(f), x.shape)
}

/** The elements of planes at the rows and columns that a function picks for each output. */
export function pick(
  x: Plane,
  [height, width]: readonly [number, number],
  from: (row: number, column: number) => readonly [number, number] | null,
  otherwise = 0,
): Plane {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const data = new Float32Array(n * c * height * width)
  for (let i = 0; i < data.length; i++) {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width]
    const place = from(row, column)
    data[i] = place === null ? otherwise : x.data[(plane * h + place[0]) * w + place[1]]!
  }
  return tensor(data, [n, c, height, width])
}

/** The options of one axis; the other axis is not pooled. */
export function along(options: Windows, kept: 0 | 1): Windows {
  const per = (values: readonly [number, number], idle: number): [number, number] =>
    kept === 0 ? [values[0], idle] : [idle, values[1]]
  return {
    kernelSize: per(options.kernelSize, 1),
    stride: per(options.stride, 1),
    dilation: per(options.dilation, 1),
    padding: per(options.padding, 0),
    ceilMode: options.ceilMode,
  }
}

export const sizesOf = ({ shape }: Tensor): [number, number] => [shape[2]!, shape[3]!]

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The same numbers, to the sign of zero. */
export function expectSame(got: ArrayLike<number>, want: ArrayLike<number>): void {
  if (got.length !== want.length) throw new Error(`has ${got.length} elements, expected ${want.length}`)
  for (let i = 0; i < want.length; i++)
    if (!Object.is(got[i], want[i])) throw new Error(`[${i}] is ${got[i]}, expected ${want[i]}`)
}

/** Within eight float32 rounding errors of numbers up to 500, 8 * 500 * 2^-24: enough for a few divisions. */
export function expectNear(got: Plane, want: Plane): void {
  if (`${got.shape}` !== `${want.shape}`) throw new Error(`is [${got.shape}], expected [${want.shape}]`)
  for (let i = 0; i < want.data.length; i++)
    if (!(Math.abs(got.data[i]! - want.data[i]!) <= 500 * 2 ** -21))
      throw new Error(`[${i}] is ${got.data[i]}, expected near ${want.data[i]}`)
}
