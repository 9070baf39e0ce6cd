import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import { stopInWords } from '../../service/feed/stop-reasons.ts'
import type { SystemdNotify } from '../../service/listener/systemd-notify.ts'

/** Of what a listener reports, what concerns the one that started it as a service. */
export function tellSystemd(systemd: SystemdNotify, event: ListenEvent): void {
  switch (event.type) {
    case 'listening':
      systemd.ready(`listening on ${event.addresses.join(' ')}`)
      return
    case 'draining':
      systemd.stopping(`stopping, ${event.active} under way`)
      return
    case 'stopped':
      systemd.stopping(`stopped (${stopInWords(event.reason)})`)
      return
    default:
  }
}
