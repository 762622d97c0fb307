import type { OfficeScreen } from '@space-assistant/core/office/screens'
import { createRouter, createWebHashHistory } from 'vue-router'
import type { Component } from 'vue'
import CockpitScreen from './screens/CockpitScreen.vue'
import ImportScreen from './screens/ImportScreen.vue'
import TicketsScreen from './screens/TicketsScreen.vue'
import PeopleScreen from './screens/PeopleScreen.vue'
import GroupsScreen from './screens/GroupsScreen.vue'
import OperationsScreen from './screens/OperationsScreen.vue'
import RulesScreen from './screens/RulesScreen.vue'
import AuditScreen from './screens/AuditScreen.vue'
import ZoneScreen from './screens/ZoneScreen.vue'
import MineScreen from './screens/MineScreen.vue'
import RankingScreen from './screens/RankingScreen.vue'
import SchoolScreen from './screens/SchoolScreen.vue'

/** What stands behind each name of the menu. */
const screens: Record<OfficeScreen, { path: string; component: Component }> = {
  ranking: { path: '/ranking', component: RankingScreen },
  school: { path: '/school/:code?', component: SchoolScreen },
  cockpit: { path: '/cockpit', component: CockpitScreen },
  imports: { path: '/imports', component: ImportScreen },
  tickets: { path: '/tickets/:number?', component: TicketsScreen },
  people: { path: '/people', component: PeopleScreen },
  groups: { path: '/groups', component: GroupsScreen },
  operations: { path: '/operations', component: OperationsScreen },
  rules: { path: '/rules', component: RulesScreen },
  audit: { path: '/audit', component: AuditScreen },
  zone: { path: '/zone', component: ZoneScreen },
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
