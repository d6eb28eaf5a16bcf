/**
 * @file Reads the ONNX tests that scripts/export_onnx_tests.py wrote: models with inputs and expected outputs, as protobuf.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { parseTensor } from '../../src/adapters/onnx/index.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'

export interface OnnxTest {
  readonly name: string
  readonly model: Uint8Array
  readonly sets: readonly { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] }[]
}

const folder =
  process.env.POOL2D_ONNX_FIXTURES ?? fileURLToPath(new URL('../fixtures/onnx/', import.meta.url))

/** Every test of the archive. */
export function onnxTests(): readonly OnnxTest[] {
  const files = unzipSync(readFileSync(join(folder, 'tests.zip')))
  const read = (prefix: string): Tensor[] => {
    const tensors: Tensor[] = []
    for (let i = 0; `${prefix}_${i}.pb` in files; i++)
      tensors.push(parseTensor(files[`${prefix}_${i}.pb`]!, `${prefix}_${i}.pb`))
    return tensors
  }
  const models = Object.keys(files).filter((path) => path.endsWith('/model.onnx'))
  return models.map((path) => {
    const name = path.slice(0, -'/model.onnx'.length)
    const sets: OnnxTest['sets'][number][] = []
    for (let i = 0; `${name}/${i}/output_0.pb` in files; i++)
      sets.push({ inputs: read(`${name}/${i}/input`), outputs: read(`${name}/${i}/output`) })
    return { name, model: files[path]!, sets }
  })
}

/** ONNX's schemas of the pooling operators. */
export function onnxSchemas(): OnnxSchemas {
  return JSON.parse(readFileSync(join(folder, 'schemas.json'), 'utf8'))
}

export interface OnnxSchemas {
  readonly latestOpset: number
  readonly schemas: readonly {
    readonly name: string
    readonly since: number
    readonly attributes: Readonly<
      Record<string, { kind: string; required: boolean; default: number | string | null }>
    >
    readonly inputs: readonly { name: string; types: string[]; optional: boolean }[]
    readonly outputs: readonly string[]
  }[]
}
