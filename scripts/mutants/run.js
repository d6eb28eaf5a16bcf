/**
 * @file Inserts each fault into a copy of the sources, and runs the tests that should fail, then more tests. Fails if no test does.
 *
 * node scripts/mutants/run.js [--only F4,F5.2]   their rows of docs/testing.md are written anew
 */
import { parseArgs } from 'node:util'
import { install } from '../install.js'
import { faults, mutants } from './faults/index.js'
import { writeDocument } from './report.js'
import { firstFailure, isOfPage, isOnGpu } from './suite.js'
import { Workspace } from './workspace.js'

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const wanted = values.only?.split(',')
const chosen = mutants.filter(({ id }) => !wanted || wanted.includes(id) || wanted.includes(id.split('.')[0]))
if (chosen.length === 0) throw new Error(`--only ${values.only} names no mutant`)

/** The tests that run if the expected ones pass. */
const wider = ['test/plan', 'test/ops', 'test/kernels/kernels-', 'test/layers', 'test/adapters/npy']

async function catcherOf(workspace, mutant) {
  const remove = await workspace.insert(mutant)
  try {
    return (
      (await firstFailure(workspace, mutant.tests, mutant)) ??
      (mutant.tests.some(isOfPage) ? null : await firstFailure(workspace, wider, { limit: wholeLimit }))
    )
  } finally {
    await remove()
  }
}

/** Milliseconds for all tests that are expected to notice something, which pass here. */
const wholeLimit = 1_800_000

async function expectAllPass(workspace) {
  const [some, whole] = [chosen.filter(({ named }) => named), chosen.filter(({ named }) => !named)]
  const testsOf = (mutants) => [...new Set(mutants.flatMap(({ tests }) => tests))]
  const named = some.map((mutant) => mutant.named).join('|')
  const failure =
    (await firstFailure(workspace, testsOf(whole), { limit: wholeLimit })) ??
    (await firstFailure(workspace, testsOf(some), { limit: wholeLimit, named }))
  if (failure !== null) throw new Error(`fails without any fault: ${failure}`)
}

const started = Date.now()
for (const [folder, isIn] of [
  ['test/webgpu', isOnGpu],
  ['web', isOfPage],
])
  if (chosen.some(({ tests }) => tests.some(isIn))) install(folder)
const workspace = await Workspace.open()
const results = []
try {
  await expectAllPass(workspace)
  for (const mutant of chosen) {
    const caughtBy = await catcherOf(workspace, mutant)
    results.push({ ...mutant, caughtBy })
    console.log(`${mutant.id} ${mutant.name}\n     ${caughtBy ?? 'NOT CAUGHT'}`)
  }
} finally {
  await workspace.close()
}
await writeDocument(faults, results)
const missed = results.filter(({ caughtBy }) => caughtBy === null)
const seconds = Math.round((Date.now() - started) / 1000)
console.log(`${results.length - missed.length} of ${results.length} faults caught in ${seconds} seconds`)
if (missed.length > 0) process.exitCode = 1
