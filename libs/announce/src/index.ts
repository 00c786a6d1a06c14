export { announce, type AnnounceOptions, type Announcing } from './announce.js';
export {
  AnnouncedRoute,
  Announcement,
  announcementAlgorithms,
  announcementsChannel,
  announcementType,
  type Health,
  maxAnnouncementBytes,
  questionsChannel,
} from './announcement.js';
export type { PrivateKey } from './signing-key.js';
