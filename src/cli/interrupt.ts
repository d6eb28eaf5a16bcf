/**
 * @file Signals that end the program: an exit code of 128 and the signal's number, and no temporary file left behind.
 */
import { constants } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { removeStaged } from './files/write-files.ts'

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

function onSignal(signal: NodeJS.Signals): void {
  removeStaged()
  process.exit(128 + constants.signals[signal])
}

export function handleSignals(): void {
  for (const signal of signals) process.on(signal, onSignal)
}

/** Runs what keeps the event loop busy, under the default handling, which ends the process at once; nothing is staged then. */
export async function interruptible<T>(act: () => T): Promise<T> {
  const handled = signals.filter((signal) => process.listeners(signal).includes(onSignal))
  // A signal that has come and was not heard yet would be lost with its listener; two turns have the loop look for some between.
  for (let turn = 0; turn < 2; turn++) await nextTurn()
  for (const signal of handled) process.off(signal, onSignal)
  try {
    return act()
  } finally {
    for (const signal of handled) process.on(signal, onSignal)
  }
}
