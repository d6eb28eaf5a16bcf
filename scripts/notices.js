/**
 * @file Writes THIRD-PARTY-NOTICES.md: the packages that the bundler reports as bundled, with their licences.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'THIRD-PARTY-NOTICES.md')

/** Builds the package elsewhere; folders of bundled packages, each with the entries that contain it. */
async function bundled() {
  const packages = new Map()
  const outDir = mkdtempSync(join(tmpdir(), 'pool2d-notices-'))
  const collect = {
    name: 'collect',
    generateBundle(_, bundle) {
      for (const entry of Object.values(bundle).filter(({ isEntry }) => isEntry))
        for (const id of modulesOf(entry, bundle)) {
          const folder = packageOf(id)
          if (folder === undefined) continue
          packages.set(folder, (packages.get(folder) ?? new Set()).add(entry.fileName))
        }
    },
  }
  try {
    await build({ cwd: root, plugins: [collect], dts: false, copy: undefined, outDir, logLevel: 'silent' })
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
  return packages
}

/** The modules that an entry loads, immediately or later. */
function modulesOf(entry, bundle, seen = new Set()) {
  if (entry?.type !== 'chunk' || seen.has(entry)) return []
  seen.add(entry)
  const further = [...entry.imports, ...entry.dynamicImports]
  return [...entry.moduleIds, ...further.flatMap((name) => modulesOf(bundle[name], bundle, seen))]
}

/** The package's folder, where a module is not one of ours. */
function packageOf(id) {
  const file = id.replace(/^\0/, '').replace(/\?.*$/, '')
  if (!file.includes('/node_modules/')) return undefined
  let folder = dirname(file)
  while (!readName(folder)) folder = dirname(folder)
  return folder
}

function readName(folder) {
  const manifest = join(folder, 'package.json')
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name
}

/** A package as it names itself, with the text of its licence. */
function describe(folder, entries) {
  const { name, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.|-|$)/i.test(each))
  const text = file === undefined ? undefined : readFileSync(join(folder, file), 'utf8')
  return { name, license, text, entries: [...entries].sort() }
}

const head = `# Third-party notices

The published package contains code of these projects, bundled by the build. \`npm run notices\` writes this file from what the bundler
says and from the licences in the packages; a test builds the package and compares.
`

const onnx = `## ONNX

\`pool2d/onnx\` and the command line also contain descriptors compiled from onnx.proto of ONNX 1.23.1 (© the ONNX Project Contributors),
under the [Apache License 2.0](LICENSES/Apache-2.0.txt), unmodified. The test fixtures in \`test/fixtures/onnx\`, which are not
published, are ONNX's, under the same licence.
`

/** Licence texts in the sources of packages without a licence file. */
const stated = {
  '@bufbuild/protobuf': `Copyright 2021-2026 Buf Technologies, Inc., under the [Apache License 2.0](LICENSES/Apache-2.0.txt), unmodified. Its varint code is
copyright 2008 Google Inc., under the [BSD 3-clause licence](LICENSES/BSD-3-Clause.txt).`,
}

function section({ name, license, text, entries }) {
  const where = entries.map((entry) => `\`${entry}\``).join(', ')
  return `## ${name}\n\n${license}, in ${where}.\n\n${text ? quoted(text) : stated[name]}\n`
}

function quoted(text) {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

export async function notices() {
  const packages = [...(await bundled())].map(([folder, entries]) => describe(folder, entries))
  packages.sort((a, b) => (a.name < b.name ? -1 : 1))
  const without = packages.filter(({ name, text }) => text === undefined && !Object.hasOwn(stated, name))
  if (without.length > 0) throw new Error(`no licence in ${without.map(({ name }) => name).join(', ')}`)
  return [head, ...packages.map(section), onnx].join('\n')
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  await writeFile(target, await notices())
