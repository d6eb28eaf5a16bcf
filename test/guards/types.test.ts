/**
 * Programs that use the package compile against its built declarations: without the DOM's types and with them, under every strict setting.
 * `npm ci` builds them; after a change, `npm run build:package` builds them anew.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { blocks, root } from '../support/documents.ts'

const packageTypes = Object.fromEntries(
  ['', '/legacy', '/npy', '/image', '/onnx', '/tfjs', '/pyramid'].map((path) => [
    `pool2d${path}`,
    [join(root, `dist/${path.slice(1) || 'index'}.d.ts`)],
  ]),
)

/** Files that several programs have in common. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** The messages of the compiler about files that lie in test/guards/types, or are given. */
function complaintsAbout(
  files: Readonly<Record<string, string | null>>,
  options: ts.CompilerOptions,
): readonly string[] {
  const settings: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    paths: packageTypes,
    ...options,
  }
  const texts = new Map(
    Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[placeOf(name), text]])),
  )
  const host = ts.createCompilerHost(settings)
  const { readFile, fileExists, getSourceFile } = host
  host.getSourceFile = (name, ...rest) => {
    if (texts.has(name)) return getSourceFile(name, ...rest)
    const file = parsed.get(name) ?? getSourceFile(name, ...rest)
    parsed.set(name, file)
    return file
  }
  host.readFile = (name) => texts.get(name) ?? readFile(name)
  host.fileExists = (name) => texts.has(name) || fileExists(name)
  const program = ts.createProgram(Object.keys(files).map(placeOf), settings, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
    return `${file?.fileName.replace(root, '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

const placeOf = (name: string): string => join(root, 'test/guards/types', name)

it('the declarations are built', () => {
  for (const [file] of Object.values(packageTypes)) expect(existsSync(file!), file).toBe(true)
})

it.each([
  ['without the DOM', ['lib.es2023.d.ts']],
  ['with the DOM', ['lib.es2023.d.ts', 'lib.dom.d.ts']],
])('a consumer compiles %s', { timeout: 120_000 }, (_, lib) => {
  expect(complaintsAbout({ 'consumer.ts': null }, { lib, skipLibCheck: false })).toEqual([])
})

it('a consumer with a native Float16Array compiles', { timeout: 120_000 }, () => {
  expect(complaintsAbout({ 'native-half.ts': null }, { lib: ['lib.esnext.d.ts'] })).toEqual([])
})

it('a consumer with ONNX Runtime compiles', { timeout: 120_000 }, () => {
  const lib = ['lib.es2023.d.ts', 'lib.dom.d.ts']
  expect(complaintsAbout({ 'runtime-tensor.ts': null }, { lib, skipLibCheck: true })).toEqual([])
})

it('the blocks of the documents compile', { timeout: 120_000 }, () => {
  const files = Object.fromEntries(
    blocks.map(([name, i, code]) => [`${name.replace(/\W/g, '-')}-${i}.ts`, `${code}\nexport {}\n`]),
  )
  const lib = ['lib.es2023.d.ts', 'lib.dom.d.ts']
  const paths = { ...packageTypes, '@tensorflow/tfjs': [join(root, 'test/adapters/tfjs/tfjs.ts')] }
  const options = { lib, paths, types: ['node'], skipLibCheck: true, allowImportingTsExtensions: true }
  expect(complaintsAbout(files, options)).toEqual([])
})
