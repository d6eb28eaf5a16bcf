/**
 * @file Backoff: threads that do not pay are not used for some jobs, then tried again.
 */
import { expect, test } from 'vitest'
import { Backoff } from '../../../src/kernels/threads/backoff.ts'

const plan = {}

/** One thread would take 10 ms. */
const paid = { worked: 5, tiles: 8, of: 16, took: 6 }
const lost = { worked: 5, tiles: 8, of: 16, took: 14 }

/** The number of jobs that run on one thread before threads are tried again. */
function restOf(worth: Backoff): number {
  let rest = 0
  while (!worth.ask()) rest++
  return rest
}

test('threads that pay are asked every time', () => {
  const worth = new Backoff()
  for (let i = 0; i < 5; i++) {
    worth.learn(plan, paid)
    expect(restOf(worth)).toBe(0)
  }
})

test('threads that do not pay rest twice as long each time, up to 32 jobs', () => {
  const worth = new Backoff()
  const rests = Array.from({ length: 8 }, () => {
    worth.learn(plan, lost)
    return restOf(worth)
  })
  expect(rests).toEqual([1, 2, 4, 8, 16, 32, 32, 32])
})

test('threads that pay again are soon trusted again', () => {
  const worth = new Backoff()
  for (const seen of [lost, lost, lost, paid, paid]) {
    restOf(worth)
    worth.learn(plan, seen)
  }
  restOf(worth)
  worth.learn(plan, lost)
  expect(restOf(worth)).toBe(2)
})

test('a job of which the caller did nothing teaches nothing', () => {
  const worth = new Backoff()
  worth.learn(plan, { worked: 1, tiles: 0, of: 16, took: 50 })
  expect(restOf(worth)).toBe(0)
})

test('a caller that is held up as well does not hide that threads do not pay', () => {
  const worth = new Backoff()
  worth.learn(plan, paid)
  worth.learn(plan, { worked: 12, tiles: 8, of: 16, took: 14 })
  expect(restOf(worth)).toBe(1)
  worth.learn({}, { worked: 12, tiles: 8, of: 16, took: 14 })
  expect(restOf(worth)).toBe(0)
})
