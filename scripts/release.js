/**
 * @file Checks a release: a clean tree, one version everywhere, build, checks, tests, the files of the tarball. Then tags
 * the commit; a workflow publishes the tag.
 *
 * npm run release [-- --dry-run]   with --dry-run no tag is made, and the version may be unreleased in CHANGELOG.md
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { 'dry-run': isDry } = parseArgs({ options: { 'dry-run': { type: 'boolean' } } }).values
const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const { version } = JSON.parse(read('package.json'))
const tag = `v${version}`

function run(command) {
  console.log(`\n> ${command}`)
  const { status, error } = spawnSync(command, { cwd: root, stdio: 'inherit', shell: true })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
}

function answerOf(command) {
  const { status, stdout } = spawnSync(command, { cwd: root, encoding: 'utf8', shell: true })
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return stdout.trim()
}

function assertClean() {
  const changes = answerOf('git status --porcelain')
  if (changes !== '') throw new Error(`the tree has changes:\n${changes}`)
}

function assertOneVersion() {
  const locked = JSON.parse(read('package-lock.json')).version
  if (locked !== version) throw new Error(`package-lock.json has version ${locked}, package.json ${version}`)
  const [, newest, day] = read('CHANGELOG.md').match(/^## (\S+) \((.+)\)$/m) ?? []
  if (newest !== version) throw new Error(`CHANGELOG.md begins with ${newest}, package.json has ${version}`)
  const isDated = /^\d{4}-\d\d-\d\d$/.test(day)
  if (!isDated && !isDry) throw new Error(`CHANGELOG.md: ${newest} is ${day}; write the day of the release`)
}

assertClean()
assertOneVersion()
if (!isDry && answerOf(`git tag --list ${tag}`) !== '') throw new Error(`there is a tag ${tag} already`)
for (const script of ['build:package', 'check', 'test']) run(`npm run ${script}`)
run('npm pack --dry-run --ignore-scripts')
assertClean()
if (isDry) console.log(`\n${tag} can be released; nothing was tagged`)
else {
  run(`git tag ${tag}`)
  console.log(`\ngit push origin ${tag} publishes it`)
}
