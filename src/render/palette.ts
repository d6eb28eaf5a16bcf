/**
 * @file The colours of the picture and of the page around it, each theme's contrast checked against its `card`.
 */
import type { Language } from './state.ts'

export type Theme = 'light' | 'dark'

export interface Palette {
  readonly paper: string
  readonly card: string
  readonly ink: string
  /** Captions and secondary text. */
  readonly soft: string
  readonly line: string
  /** The largest value's background; smaller values fade to `card`. */
  readonly tint: string
  /** The window. */
  readonly accent: string
  /** The element that was picked. */
  readonly picked: string
  readonly good: string
  readonly bad: string
  readonly hatch: string
  readonly hatchGround: string
  /** Of the labels 1 to 4: water, meadow, forest, town. */
  readonly label1: string
  readonly label2: string
  readonly label3: string
  readonly label4: string
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    paper: '#f8f6f0',
    card: '#fffefb',
    ink: '#1e2227',
    soft: '#575c63',
    line: '#d8d3c6',
    tint: '#b5d2ee',
    accent: '#17559f',
    picked: '#a13e06',
    good: '#1a6b3a',
    bad: '#ad211a',
    hatch: '#b3ad9f',
    hatchGround: '#f1eee5',
    label1: '#bfdcf6',
    label2: '#e0edb9',
    label3: '#aed6b4',
    label4: '#efcdbb',
  },
  dark: {
    paper: '#14171b',
    card: '#1c2026',
    ink: '#eae7e0',
    soft: '#aeb3bb',
    line: '#3d434c',
    tint: '#2c5280',
    accent: '#93bff8',
    picked: '#f4ad66',
    good: '#86d6a1',
    bad: '#ff9c93',
    hatch: '#59606a',
    hatchGround: '#21262d',
    label1: '#1f4a72',
    label2: '#4c5722',
    label3: '#1f5138',
    label4: '#6a3f2d',
  },
}

interface Fonts {
  /** Headings and running text. */
  readonly text: string
  /** Numbers and controls. */
  readonly label: string
  readonly code: string
}

const latin = {
  text: '"Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "TeX Gyre Pagella", "Source Serif 4", "Noto Serif", "Liberation Serif"',
  label: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans"',
  code: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono"',
}

const chinese = {
  text: '"Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun',
  label: '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"',
  code: '"Noto Sans Mono CJK SC"',
}

/**
 * System faces alone: nothing is fetched. Chinese text takes its punctuation from a Chinese face, and has no serifs, because many
 * systems have no Chinese face with serifs to go with the Latin one. English text takes its punctuation from the system's own before
 * any Chinese face, whose apostrophes are as wide as a character.
 */
export const fonts: Readonly<Record<Language, Fonts>> = {
  en: {
    text: `${latin.text}, serif, ${chinese.text}`,
    label: `${latin.label}, sans-serif, ${chinese.label}`,
    code: `${latin.code}, monospace, ${chinese.code}`,
  },
  zh: {
    text: `${chinese.label}, ${latin.label}, sans-serif`,
    label: `${latin.label}, ${chinese.label}, sans-serif`,
    code: `${latin.code}, ${chinese.code}, monospace`,
  },
}
