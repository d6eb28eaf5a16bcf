/**
 * @file The workflows and the gate name scripts that are there, pin their actions, and hold no secret.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const { version, scripts } = JSON.parse(read('package.json'))
const workflows = readdirSync(new URL('.github/workflows/', root)).map((name) => `.github/workflows/${name}`)

it.each([...workflows, '.ci/run'])('%s runs scripts of package.json', (path) => {
  const names = Array.from(read(path).matchAll(/npm run ([\w:]+)/g), ([, name]) => name!)
  expect(names.filter((name) => !(name in scripts))).toEqual([])
})

it.each(workflows)('%s pins its actions, and holds no secret', (path) => {
  const text = read(path)
  const actions = Array.from(text.matchAll(/uses: (\S+)/g), ([, action]) => action!)
  expect(actions.filter((action) => !/@v\d+\.\d+\.\d+$/.test(action))).toEqual([])
  expect(text).not.toContain('secrets.')
  expect(text).toMatch(/^permissions:/m)
})

it('the published package names its repository, by which the registry resolves links of the README', () => {
  const steps = Array.from(
    read('.github/workflows/publish.yml').matchAll(/- run: (.+)/g),
    ([, step]) => step!,
  )
  const naming = steps.findIndex((step) => step.startsWith('npm pkg set "repository.url='))
  const publishing = steps.findIndex((step) => step.startsWith('npm publish'))
  expect(naming).toBeGreaterThan(-1)
  expect(publishing).toBeGreaterThan(naming)
})

it('CHANGELOG.md begins with the version of package.json', () => {
  expect(read('CHANGELOG.md').match(/^## (\S+)/m)![1]).toBe(version)
})
