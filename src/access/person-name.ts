/** What is known of how somebody is called. */
export interface KnownNames {
  /** In the roster. */
  member?: string | undefined
  /** As staff called the person when they granted something. */
  labels: readonly string[]
  /** As the platform shows the person, in this group or altogether. */
  nicks: readonly (string | undefined)[]
  /** The platform's id: never shown, also where a platform gives it as the name. */
  userId: string
}

/** How people call somebody: roster, then staff, then the platform; '' when nobody does. */
export function personName({ member, labels, nicks, userId }: KnownNames): string {
  const names = [member, ...labels, ...nicks].map((name) => name?.trim() ?? '')
  return names.find((name) => name && name !== userId) ?? ''
}
