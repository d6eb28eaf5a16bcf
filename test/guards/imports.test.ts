import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** Imports point one way: a room may import from itself and from the rooms before it. */
const order = [
  'errors.ts',
  'tensor',
  'plan',
  'reducers',
  'kernels',
  'ops',
  'layers',
  'index.ts',
  'legacy.ts',
  'render',
  'adapters',
  'pyramid',
  'cli',
]
const src = fileURLToPath(new URL('../../src/', import.meta.url))

const files = (readdirSync(src, { recursive: true }) as string[]).filter(
  (file) => file.endsWith('.ts') && !file.includes('assembly') && !file.includes('generated'),
)
const roomOf = (file: string): string => file.split(sep)[0]!

/** The files that a file imports, types and lazy imports included. */
function targetsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  return [...text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map((match) =>
    relative(src, join(src, dirname(file), (match[1] ?? match[2])!)),
  )
}

it('knows every room of src', () => {
  expect(files.map(roomOf).filter((room) => !order.includes(room))).toEqual([])
})

it('has no import that points up', () => {
  const upward = files.flatMap((file) =>
    targetsOf(file)
      .filter((target) => order.indexOf(roomOf(target)) > order.indexOf(roomOf(file)))
      .map((target) => `${file} imports ${target}`),
  )
  expect(upward).toEqual([])
})

it('has nothing above the kernels that imports a backend', () => {
  const backends = ['wasm', 'scalar', 'reference', 'threads'].map((name) => join('kernels', name) + sep)
  const above = files.filter((file) => ['ops', 'layers', 'adapters', 'pyramid'].includes(roomOf(file)))
  const reaching = above.flatMap((file) =>
    targetsOf(file)
      .filter((target) => backends.some((backend) => target.startsWith(backend)))
      .map((target) => `${file} imports ${target}`),
  )
  expect(reaching).toEqual([])
})

it('has no circle of imports, types included', () => {
  const imports = new Map(files.map((file) => [file, targetsOf(file)]))
  const reachedFrom = (start: string): Set<string> => {
    const reached = new Set(imports.get(start))
    for (const file of reached) for (const target of imports.get(file) ?? []) reached.add(target)
    return reached
  }
  expect(files.filter((file) => reachedFrom(file).has(file))).toEqual([])
})

it('has a module comment at the top of every file', () => {
  const bare = files.filter(
    (file) =>
      !/^(#!.*\n)?\/\*\*\n \* @file |^(#!.*\n)?\/\*\* @file /.test(readFileSync(join(src, file), 'utf8')),
  )
  expect(bare).toEqual([])
})
