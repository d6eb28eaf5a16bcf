/**
 * @file `pool2d zarr` against `pool2d` on the whole array in memory: random poolings, options, dtypes and chunks.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type DType, Tensor, type TypedArray } from '../../src/index.ts'
import { fileStore } from '../../src/pyramid/index.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes } from '../../src/tensor/dtype.ts'
import { randomOf } from '../kernels/jobs.ts'
import { makeArray } from '../pyramid/make-zarr.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const cases = Number(process.env.POOL2D_ZARR_CASES ?? 40)
const seed = Number(process.env.POOL2D_SEED ?? 11)

const integers: readonly DType[] = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64']
const floats: readonly DType[] = ['float32', 'float64', 'float16']
const modes: Readonly<Record<string, readonly string[]>> = {
  max: [''],
  min: [''],
  average: ['', '--no-count-include-pad', '--divisor-override 3'],
  sum: [''],
  lp: ['', '--norm-type 1', '--norm-type inf', '--norm-type 2.5'],
  rms: [''],
  var: ['', '--correction 0'],
  std: [''],
  median: [''],
  quantile: ['--q 0.3', '--q 0.8 --interpolation nearest'],
  mode: ['', '--ties lowest', '--ignore 2'],
  gem: ['', '--p 2'],
  soft: [''],
  lse: ['', '--r 2'],
  'stochastic-mean': [''],
  blur: ['', '--pad-mode zero', '--pad-mode circular', '--filter-size 5 --pad-mode replicate'],
  'max-blur': ['', '--filter-size 4'],
  area: [''],
}

function drawn(random: () => number) {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const upTo = (most: number): number => 1 + Math.floor(random() * most)
  const mode = pick(Object.keys(modes))
  const isWhole =
    mode === 'mode' || (['max', 'min', 'average', 'sum', 'median'].includes(mode) && random() < 0.5)
  const dtype = pick(isWhole ? integers : floats)
  const axes = upTo(3)
  // Of an array of five axes `pool2d --global` covers three, and `pool2d zarr --global` two.
  const lead = upTo(2) - 1 + (axes === 2 || random() < 0.5 ? 0 : 1)
  const shape = [
    ...Array.from({ length: lead }, () => upTo(3)),
    ...Array.from({ length: axes }, () => 3 + upTo(17)),
  ]
  const perAxis = (most: number): string => `${Array.from({ length: axes }, () => upTo(most)).join('x')}`
  const own = ['blur', 'max-blur', 'area'].includes(mode)
  const kind = own
    ? mode
    : pick(['sliding', 'sliding', 'sliding', 'adaptive', axes + lead < 5 ? 'global' : 'adaptive'])
  const windows: Readonly<Record<string, () => string>> = {
    sliding: () => {
      const padding = Array.from({ length: axes }, () => Math.floor(random() * 2)).join('x')
      const rest = [
        random() < 0.6 ? `--stride ${perAxis(4)}` : '',
        random() < 0.4 ? `--padding ${padding}` : '',
        random() < 0.3 ? `--dilation ${perAxis(3)}` : '',
        random() < 0.4 ? '--ceil-mode' : '',
      ]
      return `--size ${perAxis(4)} ${rest.join(' ')}`
    },
    adaptive: () => `--output-size ${perAxis(9)}`,
    global: () => '--global',
    area: () => `--output-size ${perAxis(6)}`,
    blur: () => `--stride ${perAxis(3)}`,
    'max-blur': () => `--size ${perAxis(3)} --stride ${perAxis(3)}`,
  }
  const counted =
    own || random() < 0.4
      ? ''
      : pick(['--nodata 2', '--nodata 3 --min-count 2', '--fill 1 --min-count 3', '--mask'])
  const argv = `--mode ${mode} ${pick(modes[mode]!)} ${windows[kind]!()}`
  return { argv, counted, dtype, shape, axes, pick, upTo }
}

it(`${cases} random poolings equal those of the whole array`, {
  timeout: 2000 * cases + 20_000,
}, async () => {
  const random = randomOf(seed)
  let [taken, refused] = [0, 0]
  for (let i = 0; i < cases; i++) {
    const { argv, counted, dtype, shape, axes, pick, upTo } = drawn(random)
    const x = elements(shape, dtype, random)
    const store = fileStore(join(folder().path, 'x.zarr'))
    const grid = (): number[] => shape.map((length) => Math.min(length, upTo(9)))
    await makeArray(store, '', x, { chunks: grid(), zarrFormat: pick([2, 3]) })
    folder().writeArrays({ 'x.npy': x })
    const masked = counted === '--mask'
    if (masked) {
      const marks = elements(random() < 0.5 ? shape : shape.slice(-axes), 'uint8', random)
      const mask = new Tensor(
        (marks.data as Uint8Array).map((value) => Number(value > 1)),
        marks.shape,
      )
      await makeArray(fileStore(join(folder().path, 'm.zarr')), '', mask, {
        chunks: mask.shape.map(() => upTo(9)),
      })
      folder().writeArrays({ 'm.npy': mask })
    }
    const name = `${argv} ${counted} of ${dtype} ${shape}`
    const rest = (mask: string) => `${argv} ${masked ? `--mask ${mask} --fill 1` : counted}`
    const whole = await folder().run(`x.npy -o y.npy --force ${rest('m.npy')}`)
    const parts = await folder().run(`zarr x.zarr y.zarr ${rest('m.zarr')} --chunks ${grid().join('x')}`)
    expect([name, parts.code === 0, parts.stderr]).toEqual([name, whole.code === 0, parts.stderr])
    if (whole.code === 0) {
      taken++
      expect([name, await valuesAt('y.zarr')]).toEqual([name, folder().readArray('y.npy')])
    } else refused++
    for (const made of ['x.zarr', 'y.zarr', 'm.zarr', 'y.npy', 'm.npy'])
      rmSync(join(folder().path, made), { recursive: true, force: true })
  }
  expect(taken).toBeGreaterThan(refused)
})

function elements(shape: readonly number[], dtype: DType, random: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1)
  const { storage } = dtypes[dtype]
  const data = new storage(size) as TypedArray
  const isBig = dtype === 'int64' || dtype === 'uint64'
  for (let i = 0; i < size; i++) {
    const value = Math.floor(random() * 5)
    data[i] = (
      isBig ? BigInt(value) : dtype === 'float16' ? [0, 0xbc00, 0x4000, 0x4200, 0x3800][value] : value
    ) as never
  }
  if (dtype === 'float32' || dtype === 'float64')
    for (let i = 0; i < size; i += 2) (data as Float32Array)[i]! -= 1.37
  return new Tensor(data, shape, dtype)
}

async function valuesAt(name: string): Promise<Tensor> {
  const array = await ZarrArray.open(fileStore(join(folder().path, name)), '')
  const { shape, type } = array.metadata
  const { data } = await array.read({ from: shape.map(() => 0), to: shape })
  return new Tensor(data, shape, type as DType)
}
