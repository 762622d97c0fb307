/** What is asked, with the way of asking. */
export interface MatrixQuestion {
  text: string
  /** The name in it, where it is about a person. */
  about?: string
}

/** Names of as many characters: of the roster, and of nobody. */
export const pairsOfNames: readonly (readonly [string, string])[] = [
  ['芮听澜', '芮听松'],
  ['阚朗月', '阚朗星'],
  ['滕青禾', '滕青苗'],
  ['隗凌', '隗岭'],
  ['司徒望舒', '司徒望北'],
  ['濮阳知秋', '濮阳知冬'],
  ['褚砚', '褚墨'],
  ['冉秋实', '冉秋果'],
]

const commands = [
  ...['/排名', '/排名 本校', '/排名 我', '/排名 全区', '/排名 本镇', '/排名 清港小学', '/排名 全区 小学'],
  ...['/排名 全区 教师', '/排名 本镇 教师', '/排名 本校 教师', '/排名 清港小学 教师', '/排名 白滩镇 教师'],
  ...['/排名 全区 教师 空间登录 评优期', '/排名 全区 教师 本周', '/排名 本校 管理员', '/排名 全区 管理员'],
  ...['/积分', '/积分 本校', '/明细', '/任务', '/任务 本校', '/任务 清港小学', '/任务 青铺镇', '/任务 全区'],
  ...[
    '/开通率',
    '/开通率 本校',
    '/开通率 清港小学',
    '/开通率 全区',
    '/排名 石桥教学点 教师',
    '/排名 石桥教学点',
  ],
  ...['/绑定', '/群', '/评优', '/通报', '/资料', '/导出 教师', '/帮助', '/下一页'],
]

const sentences = [
  '我们学校现在排第几',
  '全区老师谁分最高',
  '青铺小学还有谁没完成任务',
  '本校哪些老师没开通空间',
  '清港小学的老师都多少分',
  '白滩镇排名第一的老师是谁',
  '石桥教学点是谁在教，得了多少分',
  '我这周还差什么没做',
  '全区管理员前三名',
  '谁这周一次都没登录',
  '把全区教师积分发我一份',
  '优秀教师有哪些人',
]

/** Of a person by name. */
const aboutSomebody = [
  '/积分 {name}',
  '/明细 {name}',
  '/排名 {name}',
  '/任务 {name}',
  '/积分 {name} 2022-02-30',
  '/积分 {name} 上周',
  '/明细 {name} 5月17日',
  '{name}多少分',
  '{name}老师排第几',
  '{name}这周登录了几次',
  '{name}是哪个学校的',
  '{name}的任务完成了吗',
  '{name}和裴若川谁分高',
  '{name}开通空间了吗',
]

const phrasings: ((text: string) => string)[] = [
  (text) => text,
  (text) => (text.startsWith('/') ? `／${text.slice(1).replaceAll(' ', '　')}` : `您好，请问${text}？`),
  (text) => (text.startsWith('/') ? `${text.slice(1)} 谢谢` : `${text}啊😊`),
]

/** Questions without anybody's name, in every phrasing. */
export const plainQuestions: readonly MatrixQuestion[] = [...commands, ...sentences].flatMap((text) =>
  phrasings.map((phrase) => ({ text: phrase(text) })),
)

/** The same question about two names in every phrasing. */
export const namedQuestions: readonly (readonly [MatrixQuestion, MatrixQuestion])[] = aboutSomebody.flatMap(
  (template, at) =>
    phrasings.map((phrase, way) => {
      const [real = '', made = ''] = pairsOfNames[(at * phrasings.length + way) % pairsOfNames.length] ?? []
      const about = (name: string) => ({ text: phrase(template.replace('{name}', name)), about: name })
      return [about(real), about(made)] as const
    }),
)
