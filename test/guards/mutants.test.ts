/**
 * The faults that `npm run test:mutants` puts in still have their places in the sources, and docs/testing.md says who caught them.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Mutant {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const load = (path: string) => import(/* @vite-ignore */ new URL(`scripts/mutants/${path}`, root).href)
const { mutants } = (await load('faults/index.js')) as { mutants: readonly Mutant[] }
const { mutated } = (await load('workspace.js')) as { mutated: (text: string, mutant: Mutant) => string }

it.each(mutants.map((mutant) => [mutant.id, mutant.name, mutant] as const))(
  '%s, %s, has its place',
  (...row) => {
    const [, , mutant] = row
    const text = read(mutant.file)
    expect(mutated(text, mutant)).not.toBe(text)
  },
)

it('each of the nine classes has three or more, some of them in AssemblyScript', () => {
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(mutants.filter(({ id }) => id.startsWith(`F${number}.`)).length).toBeGreaterThanOrEqual(3)
  expect(mutants.filter(({ file }) => file.includes('/assembly/')).length).toBeGreaterThanOrEqual(9)
})

it('docs/testing.md has each of them, caught', () => {
  const rows = read('docs/testing.md').match(/^\| F\d+\.\d+ \|.*$/gm) ?? []
  expect(rows.map((row) => row.split(' | ').slice(0, 2).join(' '))).toEqual(
    mutants.map(({ id, name }) => `| ${id} ${name}`),
  )
  expect(rows.filter((row) => row.includes('**nothing**'))).toEqual([])
})
