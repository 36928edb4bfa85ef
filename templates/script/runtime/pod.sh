# shellcheck shell=bash
# A temporary pod that pulls an image on a node. Its container does not have to run: pulling comes first.

IFS= read -r -d '' jq_pod <<'JQ' || :
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {name: $name, labels: {"app.kubernetes.io/managed-by": "pullwright"}},
    spec: ($refer + {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: "RuntimeDefault"}},
      containers: [{
        name: "verify",
        image: $image,
        imagePullPolicy: "Always",
        command: ["true"],
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}},
        resources: {requests: {cpu: "10m", memory: "16Mi"}, limits: {memory: "64Mi"}}
      }]
    })
  }
JQ
readonly jq_pod

# What the events of a pod say. The first word is set here, whatever an event contains. Kubernetes also
# warns of missing pull secrets of others, which are no failure of this one.
IFS= read -r -d '' jq_events <<'JQ' || :
  [.items[] | select(.reason == "Pulled")] as $good
  | [.items[] | select(.reason == "Failed") | .message | tostring] as $bad
  | [.items[]
      | select(.reason == "FailedToRetrieveImagePullSecret" or .reason == "FailedScheduling")
      | .message | tostring] as $hints
  | if ($good | length) > 0 then "good"
    elif ($bad | length) > 0 then "bad " + ($bad + $hints | unique | join("; "))
    elif ($hints | length) > 0 then "waiting " + ($hints | unique | join("; "))
    else "" end
JQ
readonly jq_events

# arguments: namespace, image, reference to the Secret or ServiceAccount in the pod spec
pull_in_cluster() {
  local namespace="$1" image="$2" attempt events said=""
  pod="pullwright-verify-$$-${RANDOM}"
  doing="pulling ${image} on a node"
  manifest="$(jq -n --arg name "${pod}" --arg image "${image}" --argjson refer "$3" "${jq_pod}")"
  pod_namespace="${namespace}"
  printf '%s' "${manifest}" | invoke "${kubectl[@]}" --namespace "${namespace}" create --filename=- >/dev/null
  for ((attempt = 1; attempt <= 24; attempt++)); do
    events="$(invoke "${kubectl[@]}" --namespace "${namespace}" get events --field-selector "involvedObject.name=${pod}" --output json)"
    said="$(jq -r "${jq_events}" <<<"${events}")"
    case "${said}" in
      good | bad*) break ;;
      *) ;;
    esac
    sleep 5
  done
  remove_pod
  case "${said}" in
    good) result ok "${image}" "pulled by a node" ;;
    bad*) result FAILED "${image}" "${said#bad }" ;;
    waiting*) result FAILED "${image}" "no node pulled it within two minutes: ${said#waiting }" ;;
    *) result FAILED "${image}" "no node pulled it within two minutes" ;;
  esac
}

# Removes the current pod, if any; also when the script ends early.
remove_pod() {
  local namespace="${pod_namespace}"
  pod_namespace=""
  if [[ -n "${namespace}" ]]; then
    try invoke "${kubectl[@]}" --namespace "${namespace}" delete pod "${pod}" --ignore-not-found --wait=false >/dev/null
    if [[ "${code}" -ne 0 ]]; then
      say "left: pod ${pod} in namespace ${namespace}; delete it yourself"
    fi
  fi
}
