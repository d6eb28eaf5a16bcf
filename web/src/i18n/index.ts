/**
 * @file The languages, and which one a browser asks for.
 */
import type { Language } from '../../../src/render/state.ts'
import { en, type Messages } from './en.ts'
import { zh } from './zh.ts'

export type { Messages }

export const messages: Readonly<Record<Language, Messages>> = { en, zh }

/** The value of `lang` for browsers and screen readers. */
export const languageTags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' }

/** Each language by its own name. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

export function languageOf(preferred: readonly string[]): Language {
  const first = preferred.find((tag) => /^(en|zh)\b/i.test(tag))
  return first?.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
