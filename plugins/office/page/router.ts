import type { OfficeScreen } from '@space-assistant/core/office/screens'
import { createRouter, createWebHashHistory } from 'vue-router'
import type { Component } from 'vue'
import MineScreen from './screens/MineScreen.vue'
import RankingScreen from './screens/RankingScreen.vue'
import SchoolScreen from './screens/SchoolScreen.vue'

/** What stands behind each name of the menu. */
const screens: Record<OfficeScreen, { path: string; component: Component }> = {
  ranking: { path: '/ranking', component: RankingScreen },
  school: { path: '/school/:code?', component: SchoolScreen },
  mine: { path: '/mine/:account?', component: MineScreen },
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
