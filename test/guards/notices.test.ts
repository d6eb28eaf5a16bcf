/**
 * THIRD-PARTY-NOTICES.md names the bundled packages with their licences.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const said = readFileSync(new URL('THIRD-PARTY-NOTICES.md', root), 'utf8')
const { notices } = (await import(/* @vite-ignore */ new URL('scripts/notices.js', root).href)) as {
  notices(): Promise<string>
}

it('is what npm run notices writes', { timeout: 120_000 }, async () => {
  expect(said).toBe(await notices())
})

it('names packages that come along with others', () => {
  for (const name of ['commander', 'picomatch', 'fdir', 'string-width', 'strip-ansi', 'ansi-regex'])
    expect(said).toMatch(new RegExp(`^## ${name}$`, 'm'))
})
