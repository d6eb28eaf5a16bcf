/**
 * @file Times the first use of the built package in fresh processes: its import, then the first call of `maxPool2d`. `--turns N` processes,
 * of which it prints the least and the median, as processor time and as time that passed.
 */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({ options: { turns: { type: 'string', default: '15' } } })
const entry = new URL('../dist/index.js', import.meta.url).href

const program = `
  const now = () => {
    const { user, system } = process.cpuUsage()
    return [performance.now(), (user + system) / 1000]
  }
  const start = now()
  const { maxPool2d, tensor } = await import('${entry}')
  const imported = now()
  const x = tensor(new Float32Array(2 ** 16), [1, 16, 64, 64])
  const made = now()
  maxPool2d(x, { kernelSize: 2 })
  const done = now()
  console.log(JSON.stringify([0, 1].flatMap((i) => [imported[i] - start[i], done[i] - made[i]])))
`

const turns = Array.from({ length: Number(options.turns) }, () =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })),
)

const columns = [
  ['import, passed', ([a]) => a],
  ['first call, passed', ([, b]) => b],
  ['together, passed', ([a, b]) => a + b],
  ['import, processor', ([, , a]) => a],
  ['first call, processor', ([, , , b]) => b],
  ['together, processor', ([, , a, b]) => a + b],
]
console.log(`${turns.length} processes, Node ${process.versions.node}; milliseconds`)
for (const [title, of] of columns) {
  const sorted = turns.map(of).toSorted((a, b) => a - b)
  const [least, median] = [sorted[0], sorted[sorted.length >> 1]].map((ms) => ms.toFixed(1))
  console.log(`  ${title.padEnd(22)} least ${least.padStart(6)}  median ${median.padStart(6)}`)
}
