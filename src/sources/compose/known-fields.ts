/** The fields of a service. @see Compose specification, schema/compose-spec.json, container_spec, workload_spec and service */
export const containerFields: ReadonlySet<string> = new Set(
  "annotations blkio_config cap_add cap_drop cgroup cgroup_parent command configs cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset credential_spec device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file label_file environment extra_hosts gpus group_add hostname image init ipc isolation labels logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit network_mode models networks oom_kill_disable oom_score_adj pid pids_limit platform privileged pull_policy pull_refresh_after read_only runtime security_opt shm_size secrets sysctls stop_grace_period stop_signal storage_opt tmpfs ulimits umask use_api_socket user uts userns_mode volumes volumes_from working_dir".split(
    " ",
  ),
);
/** Fields of a service that are not its container's alone; `volume_driver` is of version 2. */
export const otherFields: ReadonlySet<string> = new Set(
  "attach build container_name depends_on deploy develop expose extends external_links healthcheck links ports post_start pre_start pre_stop profiles provider restart scale stdin_open triggers tty volume_driver".split(
    " ",
  ),
);
