/**
 * @file The few words of a picture, in English and Chinese.
 */
import { formatNumber } from './number.ts'
import { type Operation, type Padding, type Pair, type Pooling, reads } from './pooling.ts'
import type { Language } from './state.ts'

export interface Captions {
  readonly operations: Readonly<Record<Operation, string>>
  input(size: string): string
  pooled(size: string): string
  output(size: string): string
  channel(number: number, count: number): string
  window(size: string): string
  stride(size: string): string
  padding(size: string): string
  dilation(size: string): string
  readonly ceil: string
  readonly withoutPadding: string
  divisor(divisor: number): string
  norm(p: string): string
  outputSize(size: string): string
  seed(seed: number): string
  readonly gap: string
}

export const captions: Readonly<Record<Language, Captions>> = {
  en: {
    operations: {
      max: 'Max pooling',
      min: 'Min pooling',
      avg: 'Average pooling',
      lp: 'Lp pooling',
      'adaptive-max': 'Adaptive max pooling',
      'adaptive-avg': 'Adaptive average pooling',
      fractional: 'Fractional max pooling',
      unpool: 'Max unpooling',
      'global-max': 'Global max pooling',
      'global-avg': 'Global average pooling',
      'global-lp': 'Global Lp pooling',
    },
    input: (size) => `Input, ${size}`,
    pooled: (size) => `Pooled, ${size}`,
    output: (size) => `Output, ${size}`,
    channel: (number, count) => `channel ${number} of ${count}`,
    window: (size) => `window ${size}`,
    stride: (size) => `stride ${size}`,
    padding: (size) => `padding ${size}`,
    dilation: (size) => `dilation ${size}`,
    ceil: 'ceil mode',
    withoutPadding: 'padding not counted',
    divisor: (divisor) => `divided by ${divisor}`,
    norm: (p) => `p = ${p}`,
    outputSize: (size) => `output size ${size}`,
    seed: (seed) => `seed ${seed}`,
    gap: ', ',
  },
  zh: {
    operations: {
      max: '最大池化',
      min: '最小池化',
      avg: '平均池化',
      lp: 'Lp 池化',
      'adaptive-max': '自适应最大池化',
      'adaptive-avg': '自适应平均池化',
      fractional: '分数最大池化',
      unpool: '最大反池化',
      'global-max': '全局最大池化',
      'global-avg': '全局平均池化',
      'global-lp': '全局 Lp 池化',
    },
    input: (size) => `输入，${size}`,
    pooled: (size) => `池化结果，${size}`,
    output: (size) => `输出，${size}`,
    channel: (number, count) => `第 ${number} 通道，共 ${count} 个`,
    window: (size) => `窗口 ${size}`,
    stride: (size) => `步幅 ${size}`,
    padding: (size) => `填充 ${size}`,
    dilation: (size) => `膨胀 ${size}`,
    ceil: '向上取整',
    withoutPadding: '填充不计入',
    divisor: (divisor) => `除以 ${divisor}`,
    norm: (p) => `p = ${p}`,
    outputSize: (size) => `输出大小 ${size}`,
    seed: (seed) => `种子 ${seed}`,
    gap: '，',
  },
}

export function formatSize(rows: number, columns: number): string {
  return `${rows} × ${columns}`
}

/** `3` where both axes agree, else `3 × 2`. */
export function formatPair([height, width]: Pair): string {
  return height === width ? `${height}` : formatSize(height, width)
}

function formatPadding(padding: Padding): string {
  if (typeof padding === 'string') return padding === 'same' ? 'SAME' : 'SAME_LOWER'
  const [rows, columns] = padding.map(([before, after]) =>
    before === after ? `${before}` : `${before}+${after}`,
  )
  return rows === columns ? rows! : `${rows} × ${columns}`
}

/** The settings in words: window 3 × 3, stride 2, padding 1. */
export function describe(pooling: Pooling, language: Language): string {
  const words = captions[language]
  const read = (field: keyof Pooling): boolean => reads[pooling.op].includes(field)
  const parts: string[] = []
  if (read('kernel')) parts.push(words.window(formatSize(...pooling.kernel)))
  if (read('out')) parts.push(words.outputSize(formatSize(...pooling.out)))
  if (read('stride')) parts.push(words.stride(formatPair(pooling.stride)))
  const padding = formatPadding(pooling.padding)
  if (read('padding') && padding !== '0') parts.push(words.padding(padding))
  const dilation = formatPair(pooling.dilation)
  if (read('dilation') && dilation !== '1') parts.push(words.dilation(dilation))
  if (read('ceil') && pooling.ceil) parts.push(words.ceil)
  if (read('divisor') && pooling.divisor !== null) parts.push(words.divisor(pooling.divisor))
  else if (read('countPad') && !pooling.countPad && padding !== '0') parts.push(words.withoutPadding)
  if (read('norm')) parts.push(words.norm(formatNumber(pooling.norm)))
  if (read('seed')) parts.push(words.seed(pooling.seed))
  return parts.join(words.gap)
}
