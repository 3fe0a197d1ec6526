import { useLocation } from 'preact-iso/router';
import type { JSX } from 'preact';
import { EditSchedule, NewSchedule } from './schedule-page.js';
import { ScheduleList } from './schedule-list.js';
import './schedules.css';

/** /schedules, /schedules/new, /schedules/{id} */
export default function SchedulesPage(): JSX.Element {
  const { path } = useLocation();
  const [, , part] = path.split('/');
  if (!part) return <ScheduleList />;
  return part === 'new' ? <NewSchedule /> : <EditSchedule key={part} id={part} />;
}
