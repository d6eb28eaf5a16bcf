/**
 * @file The few words of a picture, in English and Chinese.
 */
import { formatNumber } from './number.ts'
import {
  type Operation,
  type Padding,
  type PadMode,
  type Pair,
  type Pooling,
  reads,
  type Ties,
} from './pooling.ts'
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
  levels(sizes: string): string
  seed(seed: number): string
  quantile(q: string): string
  correction(correction: string): string
  exponent(p: string): string
  sharpness(r: string): string
  filter(size: string): string
  box(corners: string): string
  samples(ratio: number): string
  readonly aligned: string
  readonly padModes: Readonly<Record<PadMode, string>>
  readonly ties: Readonly<Record<Ties, string>>
  nodata(value: string): string
  least(count: number): string
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
      sum: 'Sum pooling',
      rms: 'Root mean square pooling',
      median: 'Median pooling',
      quantile: 'Quantile pooling',
      mode: 'Mode pooling',
      var: 'Variance pooling',
      std: 'Standard deviation pooling',
      gem: 'Generalized mean pooling (GeM)',
      soft: 'Soft pooling',
      stochastic: 'Stochastic pooling',
      'stochastic-mean': 'Stochastic pooling, expected',
      lse: 'Log-mean-exp pooling',
      blur: 'Blur pooling',
      'max-blur': 'Max blur pooling',
      area: 'Area pooling',
      'spatial-pyramid-max': 'Spatial pyramid max pooling',
      'spatial-pyramid-avg': 'Spatial pyramid average pooling',
      'roi-pool': 'RoI pooling',
      'roi-align': 'RoI alignment',
      'ps-roi-pool': 'Position-sensitive RoI pooling',
      'ps-roi-align': 'Position-sensitive RoI alignment',
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
    levels: (sizes) => `levels ${sizes}`,
    seed: (seed) => `seed ${seed}`,
    quantile: (q) => `q = ${q}`,
    correction: (correction) => `correction ${correction}`,
    exponent: (p) => `p = ${p}`,
    sharpness: (r) => `r = ${r}`,
    filter: (size) => `filter ${size}`,
    box: (corners) => `box ${corners}`,
    samples: (ratio) => `${ratio} × ${ratio} samples a cell`,
    aligned: 'aligned',
    padModes: {
      reflect: 'mirrored at the border',
      replicate: 'border repeated',
      zero: 'zeros outside',
      circular: 'other end outside',
    },
    ties: { first: 'ties: the first', lowest: 'ties: the lowest', highest: 'ties: the highest' },
    nodata: (value) => `${value} left out`,
    least: (count) => `at least ${count} count`,
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
      sum: '求和池化',
      rms: '均方根池化',
      median: '中位数池化',
      quantile: '分位数池化',
      mode: '众数池化',
      var: '方差池化',
      std: '标准差池化',
      gem: '广义平均池化（GeM）',
      soft: '软池化（SoftPool）',
      stochastic: '随机池化',
      'stochastic-mean': '随机池化的期望',
      lse: '对数平均指数池化',
      blur: '模糊池化',
      'max-blur': '最大模糊池化',
      area: '面积池化',
      'spatial-pyramid-max': '空间金字塔最大池化',
      'spatial-pyramid-avg': '空间金字塔平均池化',
      'roi-pool': 'RoI 池化',
      'roi-align': 'RoI 对齐',
      'ps-roi-pool': '位置敏感 RoI 池化',
      'ps-roi-align': '位置敏感 RoI 对齐',
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
    levels: (sizes) => `各层 ${sizes}`,
    seed: (seed) => `种子 ${seed}`,
    quantile: (q) => `q = ${q}`,
    correction: (correction) => `校正 ${correction}`,
    exponent: (p) => `p = ${p}`,
    sharpness: (r) => `r = ${r}`,
    filter: (size) => `滤波器 ${size}`,
    box: (corners) => `区域 ${corners}`,
    samples: (ratio) => `每格采样 ${ratio} × ${ratio} 点`,
    aligned: '对齐',
    padModes: {
      reflect: '边界外镜像',
      replicate: '边界外重复边缘',
      zero: '边界外为零',
      circular: '边界外取另一端',
    },
    ties: { first: '并列取最先', lowest: '并列取最小', highest: '并列取最大' },
    nodata: (value) => `不计 ${value}`,
    least: (count) => `至少 ${count} 个计入`,
    gap: '，',
  },
}

export function formatSize(rows: number, columns: number): string {
  return `${rows} × ${columns}`
}

/** `3` where both axes agree, else `3 × 2`. */
function formatPair([height, width]: Pair): string {
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
  if (read('box')) parts.push(words.box(`(${pooling.box.map(formatNumber).join(', ')})`))
  if (read('levels'))
    parts.push(words.levels(pooling.levels.map((size) => formatSize(...size)).join(words.gap)))
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
  if (read('filter')) parts.push(words.filter(formatSize(...pooling.filter)))
  if (read('padMode') && pooling.padMode !== 'reflect') parts.push(words.padModes[pooling.padMode])
  if (read('ratio') && pooling.ratio > 0) parts.push(words.samples(pooling.ratio))
  if (read('aligned') && pooling.aligned) parts.push(words.aligned)
  if (read('q')) parts.push(words.quantile(formatNumber(pooling.q)))
  if (read('correction')) parts.push(words.correction(formatNumber(pooling.correction)))
  if (read('exponent')) parts.push(words.exponent(formatNumber(pooling.exponent)))
  if (read('sharpness')) parts.push(words.sharpness(formatNumber(pooling.sharpness)))
  if (read('ties') && pooling.ties !== 'first') parts.push(words.ties[pooling.ties])
  if (read('nodata') && pooling.nodata !== null) parts.push(words.nodata(formatNumber(pooling.nodata)))
  if (read('minCount') && pooling.minCount !== 1) parts.push(words.least(pooling.minCount))
  if (read('seed')) parts.push(words.seed(pooling.seed))
  return parts.join(words.gap)
}
