/**
 * @file Compiles src/kernels/wasm/assembly twice, with and without SIMD, and writes the bytes where TypeScript and the package find them.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = 'src/kernels/wasm/assembly/index.ts'
const generated = new URL('../src/kernels/wasm/generated/', import.meta.url)

/**
 * Import-free (no abort), no managed objects, bounds are the host's business. Functions go by name: variants of one lie side by
 * side then, within what gzip looks back on.
 */
const quiet = ['--disableWarning', '201']
const optimized = ['-O3', '--runPasses', 'reorder-functions-by-name']
const common = ['--runtime', 'stub', '--noAssert', '--use', 'abort=', ...optimized, ...quiet]
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
  const file = new URL(`${name}.wasm`, generated)
  const code = await readFile(file)
  const bytes = Buffer.concat([code, section('pool2d', digestOf(code))])
  await writeFile(file, bytes)
  if (WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length > 0)
    throw new Error(`${name}.wasm has imports; kernels must need nothing of their host`)
  const text = [
    `export const ${name}Digest: string = '${digestOf(code)}'`,
    `export const ${name}Bytes: string =\n  "${textOf(bytes)}"\n`,
  ].join('\n')
  await writeFile(new URL(`${name}.ts`, generated), text)
}

/**
 * Bytes as printable signs that need no escape: one for each that is below 90 when 5 is added to it, and before it one of two signs
 * for 90 or 180 more. It keeps bytes aligned, so gzip makes hardly more of it than of the bytes; of base64 it makes twice as much.
 * The 5 brings 253, which begins every vector instruction, among the short ones.
 */
function textOf(bytes) {
  const sign = (value) => (value === 57 ? '!' : String.fromCharCode(35 + value))
  return Array.from(bytes, (byte) => {
    const value = (byte + 5) % 256
    return (value < 90 ? '' : sign(value < 180 ? 90 : 91)) + sign(value % 90)
  }).join('')
}

/** Which build it is, so that a module of another version is told from this one's. */
function digestOf(code) {
  return createHash('sha256').update(code).digest('hex').slice(0, 16)
}

/** A custom section of a module: its id 0, its size, its name, its text; all of them short. */
function section(name, text) {
  const body = Buffer.from(`${String.fromCharCode(name.length)}${name}${text}`)
  return Buffer.concat([Buffer.from([0, body.length]), body])
}

await mkdir(generated, { recursive: true })
for (const name of Object.keys(builds)) await compile(name)
