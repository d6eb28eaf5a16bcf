/**
 * @file Compiles src/kernels/wasm/assembly twice, with and without SIMD, and writes the bytes where TypeScript and the package find them.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = 'src/kernels/wasm/assembly/index.ts'
const generated = new URL('../src/kernels/wasm/generated/', import.meta.url)

/** Import-free (no abort), no managed objects, bounds are the host's business. */
const common = ['--runtime', 'stub', '--noAssert', '-O3', '--use', 'abort=', '--disableWarning', '201']
const builds = { simd: ['--enable', 'simd'], scalar: ['--disable', 'simd'] }

async function compile(name) {
  const outFile = `src/kernels/wasm/generated/${name}.wasm`
  const { error, stderr } = await asc.main([
    source,
    ...common,
    ...builds[name],
    '--outFile',
    outFile,
    '--baseDir',
    root,
  ])
  if (error) throw new Error(`asc, ${name} build: ${error.message}\n${stderr}`)
  const bytes = await readFile(new URL(`${name}.wasm`, generated))
  if (WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length > 0)
    throw new Error(`${name}.wasm has imports; kernels must need nothing of their host`)
  // Hexadecimal, because it keeps bytes aligned: gzip makes little more of it than of the bytes, of base64 twice as much.
  const text = `export const ${name}Bytes: string =\n  '${bytes.toString('hex')}'\n`
  await writeFile(new URL(`${name}.ts`, generated), text)
}

await mkdir(generated, { recursive: true })
for (const name of Object.keys(builds)) await compile(name)
