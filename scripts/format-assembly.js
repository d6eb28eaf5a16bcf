/**
 * @file Formats src/kernels/wasm/assembly with biome, whose parser knows no decorators of functions: they are comments meanwhile.
 * `--check` changes nothing, and fails for a file in another form or a line of more than 120 columns.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../src/kernels/wasm/assembly/', import.meta.url))
const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url))
const width = 120
const checks = process.argv.includes('--check')

function formatted(text, name) {
  const args = [biome, 'format', '--line-width', width, `--stdin-file-path=assembly-${name}`]
  const input = text.replace(/^( *)@(\w+)$/gm, '$1//@$2')
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name}: ${stderr}`)
  return stdout.replace(/^( *)\/\/@(\w+)$/gm, '$1@$2')
}

const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'))

for (const name of names) {
  const text = readFileSync(folder + name, 'utf8')
  const wanted = formatted(text, name)
  const long = wanted.split('\n').findIndex((line) => line.length > width) + 1
  if (checks && wanted !== text) report(`${name}: not formatted. Run npm run format.`)
  if (long > 0) report(`${name}:${long}: more than ${width} columns`)
  if (!checks && wanted !== text) writeFileSync(folder + name, wanted)
}

function report(fault) {
  console.error(`src/kernels/wasm/assembly/${fault}`)
  process.exitCode = 1
}
