/**
 * @file What a job of a queue holds is bounded, whatever the number of its tasks and faults.
 */
import { expect, it } from 'vitest'
import { addTask, reasonOf } from '../../src/pyramid/queue/task-queue.ts'

it('a job has few runs of tasks, which hold all that were added', () => {
  const runs: [number, number][] = []
  for (const task of [3, 4, 5, 9]) addTask(runs, task)
  expect(runs).toEqual([
    [3, 6],
    [9, 10],
  ])
  for (let task = 11; task < 100_000; task += 2) addTask(runs, task)
  expect(JSON.stringify(runs).length).toBeLessThan(1000)
  const isHeld = (task: number) => runs.some(([from, to]) => task >= from && task < to)
  const tasks = Array.from({ length: 50_000 }, (_, i) => 9 + 2 * i)
  expect(tasks.filter((task) => task < 100_000 && !isHeld(task))).toEqual([])
})

it('a job names its first faults, and how many more there are', () => {
  expect(reasonOf(['a', 'b'])).toBe('a\nb')
  const faults = Array.from({ length: 100 }, (_, task) => `0/c/${task}: torn`)
  expect(reasonOf(faults).split('\n')).toEqual([...faults.slice(0, 8), 'and 92 tasks more'])
})
