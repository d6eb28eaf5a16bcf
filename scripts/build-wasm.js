/**
 * @file Compiles src/kernels/wasm/assembly, with and without SIMD, the module of order statistics and the decoder, and writes the bytes where TypeScript and
 * the package find them: the SIMD build as a file, and as two texts, of which the second is decoded and compiled only if a job needs it.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { exportsOf, parts } from './kernel-exports.js'
import { generatedFiles, orderExports } from './order-exports.js'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Not a file: the exports, as a build has them. */
const assembly = 'src/kernels/wasm/assembly/'
const entry = `${assembly}exports.ts`
const generated = new URL('../src/kernels/wasm/generated/', import.meta.url)

/**
 * Import-free (no abort), no managed objects, bounds are the host's business. Functions go by name: variants of one lie side by
 * side then, within what gzip looks back on.
 */
const quiet = ['--disableWarning', '201']
const optimized = ['-O3s', '--runPasses', 'reorder-functions-by-name']
const common = ['--runtime', 'stub', '--noAssert', '--use', 'abort=', ...optimized, ...quiet]
const builds = {
  simd: { flags: ['--enable', 'simd'], source: exportsOf({ simd: true }) },
  common: { flags: ['--enable', 'simd'], source: exportsOf({ simd: true, has: parts.common }) },
  rare: { flags: ['--enable', 'simd'], source: exportsOf({ simd: true, has: parts.rare }) },
  scalar: { flags: ['--disable', 'simd'], source: exportsOf({ simd: false }) },
  order: { flags: ['--enable', 'simd'], source: orderExports() },
  decoder: { flags: [], source: "export { decode } from './decode'" },
}

async function compile(name) {
  const outFile = `src/kernels/wasm/generated/${name}.wasm`
  const paths = ['--outFile', outFile, '--baseDir', root]
  const { flags, source } = builds[name]
  const { error, stderr } = await asc.main([entry, ...common, ...flags, ...paths], {
    readFile: (file, folder) =>
      file === entry ? source : (generatedFiles[file.replace(assembly, '')] ?? read(join(folder, file))),
  })
  if (error) throw new Error(`asc, ${name} build: ${error.message}\n${stderr}`)
  const file = new URL(`${name}.wasm`, generated)
  const code = await readFile(file)
  const bytes = name === 'simd' ? Buffer.concat([code, section('pool2d', digestOf(code))]) : code
  await writeFile(file, bytes)
  if (WebAssembly.Module.imports(new WebAssembly.Module(bytes)).length > 0)
    throw new Error(`${name}.wasm has imports; kernels must need nothing of their host`)
  // The module of order statistics has a memory of its own.
  if (name !== 'order' && sectionsOf(code).includes(dataSection))
    throw new Error(
      `${name}.wasm has static data, which would overwrite that of other modules in the same memory`,
    )
  return { name, bytes, digest: digestOf(code) }
}

/** Null if the file does not exist: the compiler tries several names. */
async function read(path) {
  return await readFile(path, 'utf8').catch(() => null)
}

/** The SIMD build as a whole is not inlined, only its parts. The decoder of the others is inlined as numbers. */
async function writeModules([{ digest }, ...modules]) {
  const decoder = modules.pop()
  const traded = tradedOf(modules.map(({ bytes }) => bytes))
  await writeFile(new URL('traded.ts', generated), `export const traded: readonly number[] = [${traded}]\n`)
  await writeFile(new URL('simd.ts', generated), `export const simdDigest: string = '${digest}'\n`)
  const numbers = `export const decoderBytes: readonly number[] = [${[...decoder.bytes]}]\n`
  await writeFile(new URL('decoder.ts', generated), numbers)
  for (const { name, bytes } of modules) {
    const text = `export const ${name}Bytes: string =\n  "${textOf(bytes, traded)}"\n`
    await writeFile(new URL(`${name}.ts`, generated), text)
  }
}

const dataSection = 11

/** The numbers of a module's sections. */
function sectionsOf(bytes) {
  const ids = []
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++])
    let [size, shift] = [0, 0]
    for (let byte = 128; byte >= 128; shift += 7) {
      byte = bytes[at++]
      size += (byte & 127) * 2 ** shift
    }
    at += size
  }
  return ids
}

/**
 * Bytes as printable signs that need no escape: one for each below 90, and before it one of two signs for 90 or 180 more, once
 * `traded` bytes have changed places. It keeps bytes aligned, so gzip makes hardly more of it than of the bytes; of base64 it
 * makes twice as much.
 */
function textOf(bytes, traded) {
  const sign = (value) => (value === 57 ? '!' : String.fromCharCode(35 + value))
  const place = (byte) => (traded.includes(byte) ? traded[traded.indexOf(byte) ^ 1] : byte)
  return Array.from(bytes, place)
    .map((value) => (value < 90 ? '' : sign(value < 180 ? 90 : 91)) + sign(value % 90))
    .join('')
}

/** Pairs of bytes: the most frequent from 90 on, and the rarest below. */
function tradedOf(modules) {
  const counts = new Array(256).fill(0)
  for (const byte of modules.flatMap((bytes) => [...bytes])) counts[byte]++
  const bytes = [...counts.keys()]
  const frequent = bytes.slice(90).toSorted((a, b) => counts[b] - counts[a])
  const rare = bytes.slice(0, 90).toSorted((a, b) => counts[a] - counts[b])
  return frequent.slice(0, 8).flatMap((byte, i) => [byte, rare[i]])
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
const modules = []
for (const name of Object.keys(builds)) modules.push(await compile(name))
await writeModules(modules)
