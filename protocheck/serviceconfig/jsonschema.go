package serviceconfig

import "encoding/json"

// Schema returns a JSON Schema (draft-07, which most editors know) of
// service configs, for completion and for checks while typing. It accepts
// every config about which the checker has nothing worse than information to
// say; what it cannot express, the checker finds.
func Schema() []byte {
	schema := objectSchema(&documentMessage, nil)
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = "gRPC service config"
	schema["definitions"] = map[string]any{
		"duration": map[string]any{
			"type": "string", "pattern": `^[0-9]+(\.[0-9]{1,9})?s$`,
			"description": "Seconds, such as 0.4s.",
		},
		"policies": policiesSchema(),
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic(err) // maps, strings and numbers can always be written
	}
	return append(text, '\n')
}

// objectSchema describes a message; required are the fields without which
// grpc-go refuses it.
func objectSchema(m *message, required []fieldID) map[string]any {
	properties := make(map[string]any)
	for _, f := range m.fields {
		property := fieldSchema(f.id)
		property["description"] = f.doc
		properties[f.name] = property
	}
	schema := map[string]any{"type": "object", "description": m.doc, "properties": properties}
	if len(required) > 0 {
		var names []string
		for _, id := range required {
			names = append(names, m.field(id).name)
		}
		schema["required"] = names
	}
	return schema
}

// orNull lets null stand for a value that is not set.
func orNull(schema map[string]any) map[string]any {
	schema["type"] = []any{schema["type"], "null"}
	return schema
}

func reference(definition string) map[string]any {
	// Beside $ref, draft-07 ignores what else there is.
	return map[string]any{"allOf": []any{map[string]any{"$ref": "#/definitions/" + definition}}}
}

func fieldSchema(id fieldID) map[string]any {
	switch id {
	case loadBalancingPolicy:
		return orNull(map[string]any{"type": "string"})
	case loadBalancingConfig:
		return nullable(reference("policies"))
	case methodConfig:
		return orNull(map[string]any{"type": "array", "items": orNull(objectSchema(&methodMessage, nil))})
	case retryThrottling:
		return orNull(objectSchema(&throttlingMessage, []fieldID{maxTokens, tokenRatio}))
	case healthCheckConfig:
		return orNull(objectSchema(&healthMessage, nil))
	case name:
		return map[string]any{"type": "array", "minItems": 1, "items": orNull(objectSchema(&nameMessage, nil))}
	case waitForReady:
		return orNull(map[string]any{"type": "boolean"})
	case timeout:
		return nullable(reference("duration"))
	case maxRequestMessageBytes, maxResponseMessageBytes:
		return orNull(map[string]any{"type": "integer", "minimum": 1})
	case retryPolicy:
		return orNull(objectSchema(&retryMessage, []fieldID{maxAttempts, initialBackoff, maxBackoff, backoffMultiplier, retryableStatusCodes}))
	case service, method, serviceName:
		return orNull(map[string]any{"type": "string"})
	case maxAttempts:
		return map[string]any{"type": "integer", "minimum": 2}
	case initialBackoff, maxBackoff:
		return reference("duration")
	case backoffMultiplier, tokenRatio:
		return map[string]any{"type": "number", "exclusiveMinimum": 0}
	case retryableStatusCodes:
		return map[string]any{"type": "array", "minItems": 1, "items": map[string]any{
			"anyOf": []any{
				map[string]any{"enum": codeNames[1:]},
				map[string]any{"type": "integer", "minimum": 1, "maximum": len(codeNames) - 1},
			},
		}}
	case maxTokens:
		return map[string]any{"type": "number", "exclusiveMinimum": 0, "maximum": 1000}
	}
	return map[string]any{}
}

func nullable(schema map[string]any) map[string]any {
	return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
}

// policiesSchema describes a list of load balancing policies. grpc-go looks
// at entries up to the first policy that it knows: beyond the first entry
// nothing is certain.
func policiesSchema() map[string]any {
	properties := make(map[string]any)
	for _, b := range balancers {
		switch {
		case b.open:
			properties[b.name] = map[string]any{}
		default:
			properties[b.name] = orNull(settingsSchema(b.settings))
		}
	}
	entry := map[string]any{"type": "object", "minProperties": 1, "maxProperties": 1, "properties": properties}
	return map[string]any{
		"type": "array", "minItems": 1, "items": []any{entry},
		"additionalItems": map[string]any{"type": []any{"object", "null"}},
	}
}

func settingsSchema(settings []setting) map[string]any {
	properties := make(map[string]any)
	for _, s := range settings {
		switch s.kind {
		case settingBool:
			properties[s.name] = orNull(map[string]any{"type": "boolean"})
		case settingText:
			properties[s.name] = orNull(map[string]any{"type": "string"})
		case settingUint32, settingUint64:
			properties[s.name] = orNull(map[string]any{"type": "integer", "minimum": 0})
		case settingFloat:
			properties[s.name] = orNull(map[string]any{"type": "number"})
		case settingDuration:
			properties[s.name] = map[string]any{"type": "string", "pattern": "s$"}
		case settingPolicy:
			properties[s.name] = nullable(reference("policies"))
		case settingPolicies, settingTexts:
			properties[s.name] = orNull(map[string]any{"type": "array"})
		case settingObject:
			properties[s.name] = orNull(settingsSchema(s.fields))
		case settingMap:
			properties[s.name] = orNull(map[string]any{"type": "object", "additionalProperties": orNull(settingsSchema(s.fields))})
		case settingAny, settingNothing:
		}
	}
	return map[string]any{"type": "object", "properties": properties}
}
