import { expect, test } from 'vitest'
import { operationIn } from '../../src/render/operation-in.ts'
import { operationTable } from '../../src/render/operations.ts'
import { fieldOf, operations } from '../../src/render/pooling.ts'

test.each(operations)('%s is drawn as the catalogue says', (op) => {
  const { geometry, reducer, names, needs } = operationIn({ op })
  const options = names.filter((name) => name in fieldOf && (name !== 'outputSize' || needs.includes(name)))
  expect(operationTable[op]).toMatchObject({ geometry, reducer, options })
})
