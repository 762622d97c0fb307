/** Many people of many groups who report all kinds of trouble at once. */
export const people = 200
export const groups = 40

const trouble = [
  '资源上传失败',
  '登录不上去',
  '作业没有显示',
  '打卡失败',
  '首页白屏',
  '声音放不出来',
  '头像换不了，报错',
]

/** What is said as the report with this place in the flood. */
export function reportText(at: number): string {
  return `/反馈 第${at}次 ${trouble[at % trouble.length]}`
}

/** The numbers at the heads of reports that support reads, on cards and in lists, each as often as it is read. */
export function numbersRead(texts: readonly string[]): number[] {
  return texts.flatMap((text) => [...text.matchAll(/^#(\d+) /gm)].map(([, number]) => Number(number)))
}
