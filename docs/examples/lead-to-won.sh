#!/bin/bash
# From a lead to a won opportunity with curl and jq, against `make run`:  docs/examples/lead-to-won.sh
set -euo pipefail
API="${RAPPORT_URL:-http://127.0.0.1:8080}/api/v1"

# 1. Sign in.
TOKEN=$(curl -sS --fail-with-body "$API/auth/token" -H 'Content-Type: application/json' -d '{
  "grant_type": "password", "email": "sales@example.com", "password": "rapport-demo"
}' | jq -r .access_token)

rapport() { # METHOD PATH [JSON] …
  local method=$1 path=$2 body=${3-}
  shift $(($# < 3 ? 2 : 3))
  curl -sS --fail-with-body -X "$method" "$API$path" -H "Authorization: Bearer $TOKEN" -H 'Accept-Language: zh-CN' \
    ${body:+-H 'Content-Type: application/json' -d "$body"} "$@"
}

# 2. Capture a lead. The key makes it safe to send the request again when no answer came.
LEAD=$(rapport POST /leads '{
  "family_name": "孙", "given_name": "乐", "title": "采购主管",
  "company_name": "宁波海岳仪器有限公司", "email": "sun.le@haiyue.example", "phone": "139 5740 1188",
  "source": "website", "estimated_amount": { "amount": "128000.00", "currency": "CNY" }
}' -H "Idempotency-Key: website-form-$(date +%s)-$$" | jq -r .id)
echo "lead $LEAD"

# 3. Preview: who might be here already, and what would be created.
PREVIEW=$(rapport POST "/leads/$LEAD/conversion/preview" '{}')
jq -c '{candidates: .candidates.customers | map({name, score, matched}), missing}' <<<"$PREVIEW"
# Link what is surely the same (a score of 80 or more), create what is not.
choose() { jq -c --arg type "$1" '.candidates[$type][0] // {score: 0} | if .score >= 80 then {mode: "link", id} else {mode: "create"} end' <<<"$PREVIEW"; }

# 4. Convert: customer, contact and opportunity in one transaction.
CONVERTED=$(rapport POST "/leads/$LEAD/conversion" '{
  "customer": '"$(choose customers)"', "contact": '"$(choose contacts)"',
  "opportunity": { "mode": "create", "fields": { "name": "海岳 · 三坐标测量机", "expected_close_on": "2030-06-30" } }
}')
CUSTOMER=$(jq -r .customer.id <<<"$CONVERTED")
DEAL=$(jq -r .opportunity.id <<<"$CONVERTED")
echo "customer $CUSTOMER, opportunity $DEAL"

# 5. Move the opportunity to the pipeline's won stage.
WON=$(rapport GET /pipelines | jq -r '.data[] | select(.is_default) | .stages[] | select(.category == "won") | .id')
rapport POST "/opportunities/$DEAL/move" '{ "stage_id": "'"$WON"'" }' | jq -c '{name, category, amount, closed_at}'

# 6. Find the customer by two Chinese characters, by pinyin and by its initials.
for WORDS in 海岳 haiyue hyyq; do
  rapport GET /search '' -G --data-urlencode "q=$WORDS" -d types=customers |
    jq -e --arg id "$CUSTOMER" --arg q "$WORDS" '.data[] | select(.id == $id) | {q: $q, name}' -c
done

# 7. A colleague of the same company: link the customer, and take the conversion back.
SECOND=$(rapport POST /leads '{
  "family_name": "何", "given_name": "晴", "company_name": "宁波海岳仪器有限公司", "email": "he.qing@haiyue.example"
}' | jq -r .id)
rapport POST "/leads/$SECOND/conversion" '{
  "customer": { "mode": "link", "id": "'"$CUSTOMER"'" }, "contact": { "mode": "create" }
}' | jq -c '{linked: .customer.name, made: .contact.name, can_undo_until: .conversion.can_undo_until}'
rapport POST "/leads/$SECOND/conversion/undo" '{}' | jq -c '{name, status_category, conversion}'
