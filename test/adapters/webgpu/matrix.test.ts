/**
 * Every pooling of planes, dtype, layout and direction, with a mask, a value for missing data, and neither, on a device that only records:
 * what pool2d computes and a GPU refuses. docs/webgpu.md has this table.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type Gpu, webgpu } from '../../../src/adapters/webgpu/index.ts'
import type { DType } from '../../../src/index.ts'
import * as pool from '../../../src/index.ts'
import { dtypes } from '../../../src/tensor/dtype.ts'
import {
  callOf,
  catalogue,
  type Entry,
  functions,
  knownSamples,
  type Options,
} from '../../support/catalogue.ts'
import { root as folder } from '../../support/documents.ts'
import { recordingDevice } from './recording-device.ts'

const forms: Readonly<Record<string, Options>> = { plain: {}, mask: { mask: true }, nodata: { nodata: 3 } }

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu(recordingDevice())
})

const outcomeOf = (run: () => unknown): string | null => {
  try {
    run()
    return null
  } catch (error) {
    if (!pool.isPoolError(error)) throw error
    return `${error.code} ${error.message}`
  }
}

const onGpu = (name: string) => (gpu as unknown as Record<string, (...given: unknown[]) => unknown>)[name]!

/** A refusal by the GPU of what pool2d computes. */
interface Refusal {
  readonly name: string
  readonly dtype: DType
  readonly says: string
}

function tryAll(): { readonly tried: number; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = []
  let tried = 0
  for (const entry of catalogue.filter(({ rank }) => rank === 2))
    for (const dtype of Object.keys(dtypes) as DType[])
      for (const layout of ['NCHW', 'NHWC'])
        for (const form of Object.values(forms)) {
          if (Object.keys(form).some((option) => !(option in entry.optional))) continue
          for (const { name, root, there } of callsOf(entry, dtype, { ...form, layout })) {
            if (outcomeOf(root) !== null) continue
            tried++
            const says = outcomeOf(there)
            if (says !== null) refusals.push({ name, dtype, says })
          }
        }
  return { tried, refusals }
}

interface Both {
  readonly name: string
  readonly root: () => unknown
  readonly there: () => unknown
}

function callsOf(entry: Entry, dtype: DType, extra: Options): readonly Both[] {
  const { inputs, options } = callOf(entry, dtype, { ...extra, ...knownSamples(entry) })
  const uploaded = () =>
    options.mask === undefined ? options : { ...options, mask: gpu.tensor(options.mask as pool.Tensor) }
  const upload = (tensors: readonly pool.Tensor[]) => tensors.map((tensor) => gpu.tensor(tensor))
  const { name } = entry
  const forward: Both = {
    name,
    root: () => functions[name]!(...inputs, options),
    there: () => onGpu(name)(...upload(inputs), uploaded()),
  }
  const backward = `${name}Backward`
  if (!(backward in functions)) return [forward]
  const gradientOf = (): pool.Tensor => {
    const y = functions[name]!(...inputs, options) as pool.Tensor | pool.PooledWithIndices
    return 'output' in y ? y.output : y
  }
  return [
    forward,
    {
      name: backward,
      root: () => functions[backward]!(gradientOf(), ...inputs, options),
      there: () => onGpu(backward)(gpu.tensor(gradientOf()), ...upload(inputs), uploaded()),
    },
  ]
}

/** A row for each dtype, and for the poolings that are not there. */
function rowsOf(refusals: readonly Refusal[]): readonly string[] {
  const groups = new Map<string, Refusal[]>()
  for (const refusal of refusals) {
    const key = refusal.says.replaceAll(refusal.name, 'NAME')
    groups.set(key, [...(groups.get(key) ?? []), refusal])
  }
  return [...groups].map(([key, group]) => {
    const names = [...new Set(group.map(({ name }) => `\`${name.replace(/Backward$/, '')}\``))]
    const [, dtype] = /dtype = "(\w+)"/.exec(key) ?? []
    const repair = key.slice(key.lastIndexOf('. ', key.length - 2) + 2).replaceAll('NAME', 'it')
    return `| ${dtype ?? names.join(', ')} | ${group.length} | ${repair} |`
  })
}

const head = (tried: number): string =>
  `| of ${tried.toLocaleString('en')} calls of pool2d on planes, refused | calls | what to do |\n| --- | --- | --- |`

it('docs/webgpu.md has what a GPU refuses of what pool2d computes, each with a repair', () => {
  const { tried, refusals } = tryAll()
  for (const { says } of refusals)
    expect(says).toMatch(/Convert to |Read the tensor with read\(\), and call /)
  const table = [head(tried), ...rowsOf(refusals)].join('\n')
  console.info(table)
  expect(readFileSync(join(folder, 'docs/webgpu.md'), 'utf8')).toContain(table)
})
