import type { OfficeScreen } from '@space-assistant/core/office/screens'
import { createRouter, createWebHashHistory } from 'vue-router'

/** What stands behind each name of the menu. */
const screens: Record<OfficeScreen, { path: string; component: () => Promise<unknown> }> = {
  ranking: { path: '/ranking', component: () => import('./screens/RankingScreen.vue') },
  school: { path: '/school/:code?', component: () => import('./screens/SchoolScreen.vue') },
  cockpit: { path: '/cockpit', component: () => import('./screens/CockpitScreen.vue') },
  imports: { path: '/imports', component: () => import('./screens/ImportScreen.vue') },
  announcements: { path: '/announcements', component: () => import('./screens/AnnouncementsScreen.vue') },
  bulletins: { path: '/bulletins/:id?', component: () => import('./screens/BulletinsScreen.vue') },
  reminders: { path: '/reminders', component: () => import('./screens/RemindersScreen.vue') },
  sessions: { path: '/sessions', component: () => import('./screens/SessionsScreen.vue') },
  tickets: { path: '/tickets/:number?', component: () => import('./screens/TicketsScreen.vue') },
  awards: { path: '/awards', component: () => import('./screens/AwardsScreen.vue') },
  nominations: { path: '/nominations', component: () => import('./screens/NominationsScreen.vue') },
  judging: { path: '/judging', component: () => import('./screens/JudgingScreen.vue') },
  people: { path: '/people', component: () => import('./screens/PeopleScreen.vue') },
  groups: { path: '/groups', component: () => import('./screens/GroupsScreen.vue') },
  operations: { path: '/operations', component: () => import('./screens/OperationsScreen.vue') },
  rules: { path: '/rules', component: () => import('./screens/RulesScreen.vue') },
  audit: { path: '/audit', component: () => import('./screens/AuditScreen.vue') },
  zone: { path: '/zone', component: () => import('./screens/ZoneScreen.vue') },
  mine: { path: '/mine/:account?', component: () => import('./screens/MineScreen.vue') },
}

export const router = createRouter({
  history: createWebHashHistory('/'),
  routes: [
    { path: '/', name: 'home', component: { render: () => null } },
    ...Object.entries(screens).map(([name, screen]) => ({ name, ...screen })),
    { path: '/demo/:key', name: 'demo', component: { render: () => null } },
    { path: '/:rest(.*)', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
