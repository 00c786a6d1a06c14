import { DeviceCounts } from './device-counts.js';

test('devices are counted by platform, main version and network', () => {
  const counts = new DeviceCounts();
  counts.count({ platform: 'ios', appVersion: '2.3.0', network: 'slow' });
  counts.count({ platform: 'ios', appVersion: '2.4', network: 'slow' });
  counts.count({});
  expect([...counts.read()]).toEqual([
    [{ platform: 'ios', app: '2', network: 'slow' }, 2],
    [{ platform: 'unknown', app: 'unknown', network: 'unknown' }, 1],
  ]);
});

test('whoever makes up platforms does not fill the metrics', () => {
  const counts = new DeviceCounts();
  for (let index = 0; index < 5_000; index += 1) counts.count({ platform: `made-up-${index}` });
  const read = [...counts.read()];
  expect(read).toHaveLength(201);
  expect(read.at(-1)).toEqual([{ platform: 'others', app: 'others', network: 'others' }, 4_800]);
});
