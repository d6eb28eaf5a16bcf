/**
 * @file A sixth of the contract of every kernel; `npm run test:kernels` tries the whole.
 */
import { expect, test } from 'vitest'
import { boundKernels, type Choice, contractOf, randomPlans, usualRandoms } from './kernels/contract.ts'

const randoms = randomPlans(usualRandoms, 0)

/** Kernels with the same jobs try the same plans, other kernels others. */
const families = [...new Set(boundKernels.map(({ reducer, pass, dtype }) => `${reducer} ${pass} ${dtype}`))]

function sixthOf(turn: number): Choice {
  return (plans) => {
    const some = plans.filter((_, i) => i % 6 === turn % 6)
    return some.length > 0 ? some : plans.slice(0, 1)
  }
}

for (const kernel of boundKernels) {
  test(`${kernel.id} does as the contract says`, () => {
    const { reducer, pass, dtype } = kernel
    const turn = families.indexOf(`${reducer} ${pass} ${dtype}`)
    const outcomes = contractOf(kernel, randoms, sixthOf(turn)).map(({ outcome }) => outcome())
    expect(
      outcomes
        .flatMap(({ wrong }) => wrong)
        .slice(0, 8)
        .join('\n'),
    ).toBe('')
    expect(outcomes.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(1)
  })
}
