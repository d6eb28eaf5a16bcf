/**
 * docs/dependencies.md names every dependency of every package.json here, and no other.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

type Names = Readonly<Record<string, string>>
interface Manifest {
  readonly dependencies?: Names
  readonly devDependencies?: Names
  readonly peerDependencies?: Names
}

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const manifest = (folder: string): Manifest => JSON.parse(read(`${folder}package.json`))
const sections = read('docs/dependencies.md').split(/^## /m)

/** The rows of a section: a name in code, and why. */
function rowsOf(title: string): { names: string[]; reasons: string[] } {
  const section = sections.find((text) => text.startsWith(title))!
  const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)]
  return { names: rows.map((row) => row[1]!).sort(), reasons: rows.map((row) => row[2]!.trim()) }
}

/** The dependencies of a suite's folder. */
const suites: readonly [title: string, folder: string][] = [
  ['Checking the package', 'tools/'],
  ['ONNX Runtime', 'test/onnxruntime/'],
  ['Queues', 'test/queue/'],
  ['WebGPU', 'test/webgpu/'],
  ['Bundlers', 'scripts/runtimes/bundles/'],
  ['The playground', 'web/'],
  ['The bench', 'bench/'],
  ['The example', 'examples/lenet/'],
]

describe.each([
  ['The package', manifest('').peerDependencies],
  ['Building and testing it', manifest('').devDependencies],
  ...suites.map(([title, folder]): [string, Names] => {
    const { dependencies, devDependencies } = manifest(folder)
    return [title, { ...dependencies, ...devDependencies }]
  }),
])('%s', (title, dependencies) => {
  it('has a reason for each, and only for those', () => {
    const { names, reasons } = rowsOf(title)
    expect(names).toEqual(Object.keys(dependencies ?? {}).sort())
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(5)
  })
})

it('runs no script of a package that is installed', () => {
  expect(read('package-lock.json')).not.toContain('hasInstallScript')
  expect(read('scripts/install.js')).toContain('--ignore-scripts')
})

it.each(suites)('%s, %s, is locked', (_, folder) => {
  const lock = JSON.parse(read(`${folder}package-lock.json`))
  const { dependencies, devDependencies } = manifest(folder)
  expect({ ...lock.packages[''].dependencies, ...lock.packages[''].devDependencies }).toEqual({
    ...dependencies,
    ...devDependencies,
  })
})

it('SECURITY.md names the limits that the sources have', () => {
  const text = read('SECURITY.md')
  const limits: [said: string, file: string, source: string][] = [
    ['10,000 bytes, 64 axes', 'src/adapters/npy/header.ts', 'maxHeaderLength = 10_000'],
    ['10,000 bytes, 64 axes', 'src/adapters/npy/header-text.ts', 'maxRank = 64'],
    [
      '10,000 members; 2 GiB',
      'src/adapters/npy/parse-npz.ts',
      'maxMembers = 10_000, maxBytes = 2 ** 31, maxRatio = 1000',
    ],
    ['above 64 MiB', 'src/adapters/npy/parse-npz.ts', 'ratioFrom = 64 * 2 ** 20'],
    ['100,000,000 pixels', 'src/adapters/image/read-image.ts', 'maxPixels = 100_000_000'],
    ['before 0.35.4', 'src/adapters/image/sharp.ts', 'oldest = [0, 35, 4]'],
    [
      '2 GiB - 1 bytes; messages, graphs and functions 100 deep',
      'src/adapters/onnx/model/decode.ts',
      'largestFile = 2 ** 31 - 1',
    ],
    [
      '2 GiB - 1 bytes; messages, graphs and functions 100 deep',
      'src/adapters/onnx/model/decode.ts',
      'deepest = 100',
    ],
  ]
  for (const [said, file, source] of limits) {
    expect(text, said).toContain(said)
    expect(read(file), source).toContain(source)
  }
})
