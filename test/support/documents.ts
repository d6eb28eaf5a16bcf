/**
 * @file The documents of the repository and the `ts` blocks in them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export const documents = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'))

/** Document, number from 1, code. */
export const blocks = documents.flatMap((name) => {
  const text = readFileSync(join(root, name), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, i): [string, number, string] => [
    name,
    i + 1,
    match[1]!,
  ])
})
