/**
 * @file zarr-python 2 reads the pyramids that are written in Zarr 2, and its values agree.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rand, Tensor } from '../../src/index.ts'
import { fileStore, finishPyramid, memoryStore, planPyramid, runPyramid } from '../../src/pyramid/index.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { makeArray } from './make-zarr.ts'

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import zarr; assert zarr.__version__ < "3"']).status === 0,
)
if (python === undefined)
  console.info('zarr-python 2 is left out: it is not installed (Debian: python3-zarr)')

/** Prints shape, type and elements of every level, as JSON. */
const script = `
import json, sys, zarr
levels = []
for path in sys.argv[2:]:
    x = zarr.open(sys.argv[1], 'r')[path][...]
    levels.append([list(x.shape), x.dtype.name, [str(v) for v in x.ravel().tolist()]])
print(json.dumps(levels))
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pool2d-python-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(python === undefined)('zarr-python reads', () => {
  it.each([
    ['uint8', 'none', 'zarr2'],
    ['uint16', 'zstd:1', 'ome0.4'],
    ['int32', 'blosc:lz4:5', 'zarr2'],
    ['uint64', 'gzip:1', 'ome0.4'],
    ['float32', 'blosc:zstd:3', 'ome0.4'],
  ] as const)('%s, %s, %s', async (type, codec, format) => {
    const shape = [3, 37, 50]
    const floats = rand(shape, { seed: 3, dtype: 'float64' }).data
    const data = new dtypes[type].storage(floats.length) as TypedArray
    floats.forEach((value, i) => {
      const whole = Math.floor(200 * value)
      data[i] = (type === 'uint64' ? 2n ** 64n - 1n - BigInt(whole) : whole) as never
    })
    const source = memoryStore()
    await makeArray(source, '', new Tensor(data, shape, type), { chunks: [2, 16, 16] })
    const target = fileStore(join(folder, `${type}.zarr`))
    const options = { codec, format, method: 'mean', levels: 3, chunks: [2, 16, 16], axes: 'zyx' } as const
    const plan = await planPyramid({ store: source }, { store: target }, options)
    for await (const { event } of runPyramid(plan, { source, target })) expect(event).not.toBe('failed')
    for await (const _ of finishPyramid(plan, { source, target }));
    const paths = plan.levels.map(({ path }) => path)
    const { stdout, stderr } = spawnSync(python!, ['-c', script, target.location, ...paths], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    expect(stderr).toBe('')
    const ours = await Promise.all(
      plan.levels.map(async ({ path, shape: to }) => {
        const array = await ZarrArray.open(target, path)
        const { data: read } = await array.read({ from: to.map(() => 0), to })
        return [to, type, Array.from(read as Float64Array, String)]
      }),
    )
    expect(numbersOf(JSON.parse(stdout))).toEqual(numbersOf(ours as never))
  })
})

/** Floats by value: Python prints 1.0 where JavaScript prints 1. */
function numbersOf(levels: [number[], string, string[]][]) {
  return levels.map(([shape, type, values]) => [
    shape,
    type,
    type.startsWith('float') ? values.map(Number) : values,
  ])
}
