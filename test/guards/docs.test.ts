/**
 * @file Runs every `ts` block of the documents as written; a line `console.log(...) // → text` must print that text.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { blocks, documents, root } from '../support/documents.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(root, 'test/.docs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('documents', () => {
  it.each(blocks)('%s, block %i', async (name, i, code) => {
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
      printed.push(
        values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '),
      )
    })
    const file = join(folder, `${name.replace(/\W/g, '-')}-${i}.ts`)
    writeFileSync(file, code)
    await import(/* @vite-ignore */ pathToFileURL(file).href)
    log.mockRestore()
    const promised = [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]!)
    expect(printed).toEqual(promised)
  })

  it('link only to files that are there', () => {
    const broken = documents.flatMap((name) => {
      const text = readFileSync(join(root, name), 'utf8')
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1]!)
      return targets
        .filter((target) => !exists(join(root, name, '..', target)))
        .map((target) => `${name}: ${target}`)
    })
    expect(broken).toEqual([])
  })
})

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}
