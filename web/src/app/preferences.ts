/**
 * @file Preferences kept in the browser's storage, if it is allowed.
 */
import type { Language } from '../../../src/render/state.ts'

export const themes = ['auto', 'light', 'dark'] as const

export type ThemeChoice = (typeof themes)[number]

interface Preferences {
  readonly language: Language
  readonly theme: ThemeChoice
}

const allowed: { readonly [K in keyof Preferences]: readonly Preferences[K][] } = {
  language: ['en', 'zh'],
  theme: themes,
}

export function recall<K extends keyof Preferences>(key: K): Preferences[K] | null {
  try {
    const value = localStorage.getItem(`pool2d.${key}`)
    return allowed[key].find((each) => each === value) ?? null
  } catch {
    return null
  }
}

export function remember<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  try {
    localStorage.setItem(`pool2d.${key}`, value)
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
