/**
 * @file Compiles ONNX's own onnx.proto to TypeScript, where src/adapters/onnx reads it. Needs no network.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'src/adapters/onnx/proto'
const template = {
  version: 'v2',
  plugins: [
    {
      local: [process.execPath, 'node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es'],
      out: `${folder}/generated`,
      opt: ['target=ts'],
    },
  ],
}

const { status, error } = spawnSync(
  process.execPath,
  ['node_modules/@bufbuild/buf/bin/buf', 'generate', folder, '--template', JSON.stringify(template)],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)
if (error) throw error
process.exitCode = status ?? 1
